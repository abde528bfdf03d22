package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything a rendering depends on, as it was when the rendering was asked for, and nothing else:
 * two that are equal give the same files. What members have applied, the versions of files and the
 * configuration of a group that is not among the layers yet are news of a group, but no template
 * can name them, so they are left out here.
 *
 * @param pkg {@code pkg} of templates
 * @param group this service's own
 * @param binds groups of satisfied binds, by the bind's name
 */
record RenderRequest(
    SysFacts sys,
    Map<String, Object> pkg,
    ConfigurationLayers layers,
    CensusGroup group,
    Map<String, CensusGroup> binds) {
  RenderRequest {
    group = named(group);
    var named = new LinkedHashMap<String, CensusGroup>();
    binds.forEach((bind, bound) -> named.put(bind, named(bound)));
    binds = Collections.unmodifiableMap(named);
  }

  /** A group with what templates can name. */
  private static CensusGroup named(CensusGroup group) {
    var population = new TreeMap<String, CensusMember>();
    group.population().forEach((id, member) -> population.put(id, named(member)));
    return new CensusGroup(
        group.group(),
        group.election(),
        group.leaderId(),
        group.updateElection(),
        group.updateLeaderId(),
        group.pkgIncarnation(),
        Optional.empty(),
        Collections.emptySortedMap(),
        population);
  }

  private static CensusMember named(CensusMember member) {
    return new CensusMember(
        member.memberId(),
        member.group(),
        member.pkg(),
        member.pkgIncarnation(),
        member.cfg(),
        member.sys(),
        member.listed(),
        member.role(),
        member.updateRole(),
        member.health(),
        Optional.empty());
  }

  /** Takes a moment: what members export is parsed here. */
  Map<String, Object> context() {
    return RenderContext.of(sys.context(), pkg, layers.merged(), group, sys.memberId(), binds);
  }
}

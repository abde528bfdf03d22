package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.packages.MalformedIdentException;
import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What templates of a service can name (supervisor.md 7.6): {@code sys}, {@code pkg}, {@code cfg},
 * {@code svc} and {@code bind}.
 *
 * <p>Whatever other members say of themselves - idents, exported configuration - is taken as it
 * comes and never refused here: a member with nonsense in its rumor shows as one without that
 * value.
 */
final class RenderContext {
  /** Binds of the original export a handful of values; more than this is somebody's joke. */
  private static final int EXPORT_BYTES_MAX = 1 << 20;

  private RenderContext() {}

  /**
   * @param group this service's group
   * @param self the local member
   * @param binds the groups of satisfied binds, by the bind's name
   */
  static Map<String, Object> of(
      Map<String, Object> sys,
      Map<String, Object> pkg,
      Map<String, Object> cfg,
      CensusGroup group,
      String self,
      Map<String, CensusGroup> binds) {
    var context = new LinkedHashMap<String, Object>();
    context.put("sys", sys);
    context.put("pkg", pkg);
    context.put("cfg", cfg);
    context.put("svc", service(group, self));
    var bind = new LinkedHashMap<String, Object>();
    binds.forEach((name, bound) -> bind.put(name, bound(bound)));
    context.put("bind", bind);
    return context;
  }

  private static Map<String, Object> service(CensusGroup group, String self) {
    var service = new LinkedHashMap<String, Object>();
    putGroup(service, group.group());
    putElection(service, "election_is_", group.election());
    putElection(service, "update_election_is_", group.updateElection());
    Map<String, Object> population = population(group);
    putIfThere(service, "me", population, Optional.of(self));
    putMembers(service, group, population);
    putIfThere(service, "update_leader", population, group.updateLeaderId());
    return service;
  }

  private static Map<String, Object> bound(CensusGroup group) {
    var bound = new LinkedHashMap<String, Object>();
    putMembers(bound, group, population(group));
    return bound;
  }

  /** All members by id, each once, however many names it has. */
  private static Map<String, Object> population(CensusGroup group) {
    var population = new LinkedHashMap<String, Object>();
    group.population().forEach((id, one) -> population.put(id, member(group, one)));
    return population;
  }

  private static void putIfThere(
      Map<String, Object> into, String name, Map<String, Object> population, Optional<String> id) {
    id.map(population::get).ifPresent(found -> into.put(name, found));
  }

  /** {@code members}, {@code leader} and {@code first}, who leads or is the first one. */
  private static void putMembers(
      Map<String, Object> into, CensusGroup group, Map<String, Object> population) {
    List<String> active = group.active().stream().map(CensusMember::memberId).toList();
    into.put(
        "members", active.stream().map(id -> Objects.requireNonNull(population.get(id))).toList());
    putIfThere(into, "leader", population, group.leaderId());
    putIfThere(
        into,
        "first",
        population,
        group.leader().map(CensusMember::memberId).or(() -> active.stream().findFirst()));
  }

  private static Map<String, Object> member(CensusGroup group, CensusMember member) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("member_id", member.memberId());
    ident(member.pkg()).ifPresent(ident -> shown.put("pkg", ident));
    shown.put("pkg_incarnation", member.pkgIncarnation());
    shown.put("package", member.pkg());
    putGroup(shown, member.group());
    shown.put("persistent", member.listed());
    shown.put("leader", member.role() == Role.LEADER);
    shown.put("follower", member.role() == Role.FOLLOWER);
    shown.put("update_leader", member.updateRole() == Role.LEADER);
    shown.put("update_follower", member.updateRole() == Role.FOLLOWER);
    putElection(shown, "election_is_", group.election());
    putElection(shown, "update_election_is_", group.updateElection());
    for (Health health : Health.values()) {
      shown.put(health.name().toLowerCase(java.util.Locale.ROOT), isIn(member, health));
    }
    shown.put("sys", sys(member.sys()));
    shown.put("cfg", exports(member.cfg()));
    return shown;
  }

  private static boolean isIn(CensusMember member, Health health) {
    return member.health().equals(Optional.of(health));
  }

  private static void putGroup(Map<String, Object> into, ServiceGroup group) {
    into.put("service", group.service());
    into.put("group", group.group());
    group.organization().ifPresent(name -> into.put("org", name));
  }

  private static void putElection(Map<String, Object> into, String prefix, ElectionState state) {
    into.put(prefix + "running", state == ElectionState.IN_PROGRESS);
    into.put(prefix + "no_quorum", state == ElectionState.NO_QUORUM);
    into.put(prefix + "finished", state == ElectionState.FINISHED);
  }

  /** A {@link SysInfo} as every document shows it. */
  static Map<String, Object> sys(SysInfo sys) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("ip", sys.ip());
    shown.put("hostname", sys.hostname());
    shown.put("gossip_ip", sys.gossipIp());
    shown.put("gossip_port", Integer.toUnsignedLong(sys.gossipPort()));
    shown.put("http_gateway_ip", sys.httpGatewayIp());
    shown.put("http_gateway_port", Integer.toUnsignedLong(sys.httpGatewayPort()));
    shown.put("ctl_gateway_ip", sys.ctlGatewayIp());
    shown.put("ctl_gateway_port", Integer.toUnsignedLong(sys.ctlGatewayPort()));
    return shown;
  }

  private static Optional<Map<String, Object>> ident(String text) {
    try {
      return Optional.of(ident(PackageIdent.parse(text)));
    } catch (MalformedIdentException nonsense) {
      return Optional.empty();
    }
  }

  /** An ident in its parts. */
  static Map<String, Object> ident(PackageIdent ident) {
    var parts = new LinkedHashMap<String, Object>();
    parts.put("origin", ident.origin());
    parts.put("name", ident.name());
    ident.version().ifPresent(version -> parts.put("version", version));
    ident.release().ifPresent(release -> parts.put("release", release));
    return parts;
  }

  /** What a member exports, TOML text; nothing if it is something else. */
  static Map<String, Object> exports(Bytes toml) {
    if (toml.size() == 0 || toml.size() > EXPORT_BYTES_MAX) {
      return Map.of();
    }
    try {
      return TomlTree.parse(toml.toUtf8(), "what a member exports");
    } catch (TreeException nonsense) {
      return Map.of();
    }
  }
}

package dev.monarch.supervisor.http;

import dev.monarch.butterfly.View;
import dev.monarch.butterfly.census.Census;
import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.RumorKind;
import java.util.List;
import java.util.Optional;

/**
 * The census as {@code GET /census} shows it (supervisor.md 8.2).
 *
 * <p>The document is built for its request, so {@code changed} and {@code changed_service_files},
 * which in the original speak of the last pass of its loop, always say that nothing has changed
 * since. Configuration and files that are encrypted for a group stay out: this member has no key
 * for them.
 */
final class CensusDocument {
  private final TomlAsJson toml;

  CensusDocument(TomlAsJson toml) {
    this.toml = toml;
  }

  /**
   * The document.
   *
   * @param nowNanos on the clock of the view's elections
   */
  byte[] of(View view, long nowNanos) {
    Census census = Census.of(view);
    return Json.object(
        json -> {
          json.flag("changed", false);
          json.object(
              "census_groups",
              groups ->
                  census
                      .groups()
                      .forEach(
                          (text, group) ->
                              groups.object(
                                  text,
                                  fields -> {
                                    group(fields, group, census.localMemberId());
                                    leadership(fields, view, group, nowNanos);
                                  })));
          json.text("local_member_id", census.localMemberId());
          counter(json, census, "service", RumorKind.SERVICE);
          counter(json, census, "election", RumorKind.ELECTION);
          counter(json, census, "election_update", RumorKind.ELECTION_UPDATE);
          counter(json, census, "membership", RumorKind.MEMBER);
          counter(json, census, "service_config", RumorKind.SERVICE_CONFIG);
          counter(json, census, "service_file", RumorKind.SERVICE_FILE);
        });
  }

  private static void counter(Json json, Census census, String name, RumorKind kind) {
    json.number("last_" + name + "_counter", census.counters().getOrDefault(kind, 0L));
  }

  private void group(Json json, CensusGroup group, String localMemberId) {
    json.text("service_group", group.group().text());
    json.text("election_status", group.election().text());
    json.text("update_election_status", group.updateElection().text());
    json.unsigned("pkg_incarnation", group.pkgIncarnation());
    json.text("leader_id", group.leaderId());
    config(json, group.config());
    json.text("local_member_id", localMemberId);
    json.object(
        "population",
        population ->
            group
                .population()
                .forEach((id, member) -> population.object(id, one -> member(one, member, group))));
    json.text("update_leader_id", group.updateLeaderId());
    json.texts("changed_service_files", List.of());
    json.object(
        "service_files",
        files ->
            group.files().values().stream()
                .filter(file -> !file.encrypted())
                .forEach(file -> files.object(file.filename(), one -> file(one, file))));
  }

  private static void leadership(Json json, View view, CensusGroup group, long nowNanos) {
    if (LeadershipDocument.concerns(view, group.group())) {
      json.object(
          "monarch",
          ours ->
              ours.object(
                  "leadership",
                  fields -> LeadershipDocument.write(fields, view, group.group(), nowNanos)));
    }
  }

  private void config(Json json, Optional<ServiceConfigRumor> config) {
    Optional<String> value =
        config.filter(known -> !known.encrypted()).flatMap(known -> toml.convert(known.config()));
    if (config.isEmpty() || value.isEmpty()) {
      json.nothing("service_config");
      return;
    }
    json.object(
        "service_config",
        one -> {
          one.unsigned("incarnation", config.get().incarnation());
          one.json("value", value.get());
        });
  }

  private static void file(Json json, ServiceFileRumor file) {
    json.text("filename", file.filename());
    json.unsigned("incarnation", file.incarnation());
    json.bytes("body", file.body());
  }

  private void member(Json json, CensusMember member, CensusGroup group) {
    json.text("member_id", member.memberId());
    json.object("pkg", pkg -> pkg(pkg, member.pkg()));
    json.unsigned("pkg_incarnation", member.pkgIncarnation());
    json.text("package", member.pkg());
    GroupParts parts = GroupParts.of(member.group().text());
    json.text("service", parts.service());
    json.text("group", parts.group());
    json.text("org", parts.organization());
    json.flag("persistent", member.listed());
    json.flag("leader", member.role() == Role.LEADER);
    json.flag("follower", member.role() == Role.FOLLOWER);
    json.flag("update_leader", member.updateRole() == Role.LEADER);
    json.flag("update_follower", member.updateRole() == Role.FOLLOWER);
    election(json, "election", group.election());
    election(json, "update_election", group.updateElection());
    json.object("sys", sys -> ButterflyDocument.sys(sys, member.sys()));
    health(json, "alive", member, Health.ALIVE);
    health(json, "suspect", member, Health.SUSPECT);
    health(json, "confirmed", member, Health.CONFIRMED);
    health(json, "departed", member, Health.DEPARTED);
    json.json("cfg", toml.convert(member.cfg()).orElse("{}"));
    member.applied().ifPresent(applied -> json.object("monarch", ours -> ours(ours, applied)));
  }

  /** What an original does not know of stands under a key of its own. */
  private static void ours(Json json, AppliedConfiguration applied) {
    json.object(
        "applied_configuration",
        one -> {
          one.unsigned("version", applied.version());
          one.text("outcome", applied.outcome().text());
          one.text("reason", Optional.of(applied.reason()).filter(reason -> !reason.isEmpty()));
        });
  }

  private static void election(Json json, String name, ElectionState state) {
    json.flag(name + "_is_running", state == ElectionState.IN_PROGRESS);
    json.flag(name + "_is_no_quorum", state == ElectionState.NO_QUORUM);
    json.flag(name + "_is_finished", state == ElectionState.FINISHED);
  }

  private static void health(Json json, String name, CensusMember member, Health health) {
    json.flag(name, member.health().equals(Optional.of(health)));
  }

  /** Origin, name, version, release; what an identifier lacks is null. */
  private static void pkg(Json json, String ident) {
    String[] parts = ident.split("/", 4);
    String[] names = {"origin", "name", "version", "release"};
    for (int i = 0; i < names.length; i++) {
      json.text(names[i], i < parts.length ? Optional.of(parts[i]) : Optional.empty());
    }
  }

  /** The pieces of {@code service.group@organization}. */
  private record GroupParts(String service, String group, Optional<String> organization) {
    static GroupParts of(String text) {
      int at = text.indexOf('@');
      String local = at < 0 ? text : text.substring(0, at);
      int dot = local.indexOf('.');
      return new GroupParts(
          local.substring(0, dot),
          local.substring(dot + 1),
          at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
    }
  }
}

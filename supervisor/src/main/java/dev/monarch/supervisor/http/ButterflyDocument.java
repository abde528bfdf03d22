package dev.monarch.supervisor.http;

import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.SysInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The state of gossip as {@code GET /butterfly} shows it (supervisor.md 9.6): each store with its
 * counter, and most of them a second time in a flatter shape.
 */
final class ButterflyDocument {
  private final TomlAsJson toml;

  ButterflyDocument(TomlAsJson toml) {
    this.toml = toml;
  }

  byte[] of(View view) {
    RingState state = view.state();
    Map<String, List<ServiceRumor>> services =
        grouped(state.services(), rumor -> rumor.group().text());
    Map<String, List<ServiceConfigRumor>> configs =
        grouped(state.serviceConfigs(), rumor -> rumor.group().text());
    Map<String, List<ServiceFileRumor>> files =
        grouped(state.serviceFiles(), rumor -> rumor.group().text());
    Map<String, List<Election>> elections = grouped(state.elections(), Election::group);
    Map<String, List<Election>> updateElections = grouped(state.updateElections(), Election::group);
    return Json.object(
        json -> {
          json.object("member", member -> members(member, view));
          json.object("membership", membership -> membership(membership, state.members()));

          BiConsumer<Json, ServiceRumor> service =
              (to, rumor) -> to.object(rumor.memberId(), fields -> service(fields, rumor));
          store(json, "service", view, RumorKind.SERVICE, services, service);
          nested(json, "services", services, service);

          store(
              json,
              "service_config",
              view,
              RumorKind.SERVICE_CONFIG,
              configs,
              (to, rumor) -> to.object("service_config", fields -> config(fields, rumor)));
          nested(json, "latest_service_config", configs, ButterflyDocument::config);

          BiConsumer<Json, ServiceFileRumor> file =
              (to, rumor) -> to.object(rumor.filename(), fields -> file(fields, rumor));
          store(json, "service_file", view, RumorKind.SERVICE_FILE, files, file);
          nested(json, "service_files", files, file);

          BiConsumer<Json, Election> election =
              (to, rumor) -> to.object("election", fields -> election(fields, rumor));
          store(json, "election", view, RumorKind.ELECTION, elections, election);
          nested(json, "latest_election", elections, ButterflyDocument::election);
          store(
              json, "election_update", view, RumorKind.ELECTION_UPDATE, updateElections, election);
          nested(json, "latest_election_update", updateElections, ButterflyDocument::election);

          store(
              json,
              "departure",
              view,
              RumorKind.DEPARTURE,
              grouped(state.departures(), rumor -> "departure"),
              (to, rumor) ->
                  to.object(
                      rumor.memberId(), fields -> fields.text("member_id", rumor.memberId())));
          json.texts(
              "departed_members",
              state.departures().stream().map(DepartureRumor::memberId).toList());
        });
  }

  private static void members(Json json, View view) {
    List<Membership> members = view.state().members();
    json.object(
        "members",
        all ->
            members.forEach(
                known -> all.object(known.member().id(), one -> record(one, known.member()))));
    json.object(
        "health",
        all -> members.forEach(known -> all.text(known.member().id(), known.health().text())));
    counter(json, view, RumorKind.MEMBER);
  }

  private static void record(Json json, Member member) {
    json.text("id", member.id());
    json.unsigned("incarnation", member.incarnation());
    json.text("address", member.address());
    json.number("swim_port", member.swimPort());
    json.number("gossip_port", member.gossipPort());
    json.flag("persistent", member.persistent());
    json.flag("departed", member.departed());
    json.flag("probe_ping", member.probePing());
  }

  private static void membership(Json json, List<Membership> members) {
    for (Membership known : members) {
      Member member = known.member();
      json.object(
          member.id(),
          one -> {
            one.text("address", member.address());
            one.number("gossip_port", member.gossipPort());
            one.unsigned("incarnation", member.incarnation());
            one.flag("persistent", member.persistent());
            one.number("swim_port", member.swimPort());
            one.text("health", known.health().text());
          });
    }
  }

  private void service(Json json, ServiceRumor rumor) {
    json.text("member_id", rumor.memberId());
    json.text("service_group", rumor.group().text());
    json.text("package", rumor.pkg());
    json.unsigned("package_incarnation", rumor.pkgIncarnation());
    json.unsigned("incarnation", rumor.incarnation());
    json.json("cfg", toml.convert(rumor.cfg()).orElse("{}"));
    json.object("sys", sys -> sys(sys, rumor.sys()));
    json.flag("initialized", rumor.initialized());
  }

  static void sys(Json json, SysInfo sys) {
    json.text("ip", sys.ip());
    json.text("hostname", sys.hostname());
    json.text("gossip_ip", sys.gossipIp());
    json.number("gossip_port", Integer.toUnsignedLong(sys.gossipPort()));
    json.text("http_gateway_ip", sys.httpGatewayIp());
    json.number("http_gateway_port", Integer.toUnsignedLong(sys.httpGatewayPort()));
    json.text("ctl_gateway_ip", sys.ctlGatewayIp());
    json.number("ctl_gateway_port", Integer.toUnsignedLong(sys.ctlGatewayPort()));
  }

  private static void config(Json json, ServiceConfigRumor rumor) {
    json.text("from_id", rumor.fromId());
    json.text("service_group", rumor.group().text());
    json.unsigned("incarnation", rumor.incarnation());
    json.flag("encrypted", rumor.encrypted());
    json.bytes("config", rumor.config());
  }

  private static void file(Json json, ServiceFileRumor rumor) {
    json.text("from_id", rumor.fromId());
    json.text("service_group", rumor.group().text());
    json.unsigned("incarnation", rumor.incarnation());
    json.flag("encrypted", rumor.encrypted());
    json.text("filename", rumor.filename());
    json.bytes("body", rumor.body());
  }

  private static void election(Json json, Election election) {
    json.text("member_id", election.candidate());
    json.text("service_group", election.group());
    json.unsigned("term", election.term());
    json.unsigned("suitability", election.suitability());
    json.text(
        "status",
        switch (election.status()) {
          case RUNNING -> "Running";
          case NO_QUORUM -> "NoQuorum";
          case FINISHED -> "Finished";
        });
    json.texts("votes", election.votes());
  }

  private static <R> void store(
      Json json,
      String name,
      View view,
      RumorKind kind,
      Map<String, List<R>> rumors,
      BiConsumer<Json, R> write) {
    json.object(
        name,
        store -> {
          nested(store, "list", rumors, write);
          counter(store, view, kind);
        });
  }

  private static <R> void nested(
      Json json, String name, Map<String, List<R>> rumors, BiConsumer<Json, R> write) {
    json.object(
        name,
        all ->
            rumors.forEach(
                (key, list) ->
                    all.object(key, one -> list.forEach(rumor -> write.accept(one, rumor)))));
  }

  private static void counter(Json json, View view, RumorKind kind) {
    json.number("update_counter", view.updateCounters().getOrDefault(kind, 0L));
  }

  /** In the order of the view, which keeps a key's rumors together or not. */
  private static <R> Map<String, List<R>> grouped(List<R> rumors, Function<R, String> key) {
    return rumors.stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                key, LinkedHashMap::new, java.util.stream.Collectors.toList()));
  }
}

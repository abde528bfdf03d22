package dev.monarch.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as the vectors describe them: names of fields and their values. */
final class Fields {
  private Fields() {}

  static Map<String, Object> of(Swim message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (message) {
      case Swim.Ping ping -> {
        fields.put("type", 1L);
        fields.put("ping", payload(ping.from(), ping.forwardTo().stream().toList(), "forward_to"));
      }
      case Swim.Ack ack -> {
        fields.put("type", 2L);
        fields.put("ack", payload(ack.from(), ack.forwardTo().stream().toList(), "forward_to"));
      }
      case Swim.PingReq request -> {
        fields.put("type", 3L);
        fields.put("pingreq", payload(request.from(), List.of(request.target()), "target"));
      }
      case Swim.ProbePing probe -> {
        fields.put("type", 4L);
        fields.put("probeping", payload(probe.from(), List.of(), ""));
      }
    }
    if (!message.membership().isEmpty()) {
      List<Object> records = new ArrayList<>();
      message.membership().forEach(record -> records.add(of(record)));
      fields.put("membership", records);
    }
    return fields;
  }

  private static Map<String, Object> payload(Member from, List<Member> second, String name) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", of(from));
    second.forEach(member -> fields.put(name, of(member)));
    return fields;
  }

  private static Map<String, Object> of(Member member) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", member.id());
    fields.put("incarnation", member.incarnation());
    fields.put("address", member.address());
    fields.put("swim_port", (long) member.swimPort());
    fields.put("gossip_port", (long) member.gossipPort());
    fields.put("persistent", member.persistent());
    fields.put("departed", member.departed());
    fields.put("probe_ping", member.probePing());
    return fields;
  }

  private static Map<String, Object> of(Membership membership) {
    return Map.of("member", of(membership.member()), "health", (long) membership.health().number());
  }

  static Map<String, Object> of(Rumor rumor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", (long) rumor.kind().number());
    fields.put("from_id", rumor.fromId());
    switch (rumor) {
      case Rumor.MemberRumor member -> fields.put("member", of(member.membership()));
      case Rumor.ServiceRumor service -> fields.put("service", of(service));
      case Rumor.ServiceConfigRumor config ->
          fields.put(
              "service_config",
              Map.of(
                  "service_group", config.group().text(),
                  "incarnation", config.incarnation(),
                  "encrypted", config.encrypted(),
                  "config", hex(config.config())));
      case Rumor.ServiceFileRumor file ->
          fields.put(
              "service_file",
              Map.of(
                  "service_group", file.group().text(),
                  "incarnation", file.incarnation(),
                  "encrypted", file.encrypted(),
                  "filename", file.filename(),
                  "body", hex(file.body())));
      case Rumor.ElectionRumor election -> fields.put("election", of(election.election()));
      case Rumor.ElectionUpdateRumor election -> fields.put("election", of(election.election()));
      case Rumor.DepartureRumor departure ->
          fields.put("departure", Map.of("member_id", departure.memberId()));
    }
    return fields;
  }

  private static Map<String, Object> of(Rumor.ServiceRumor service) {
    return Map.of(
        "member_id", service.memberId(),
        "service_group", service.group().text(),
        "incarnation", service.incarnation(),
        "initialized", service.initialized(),
        "pkg", service.pkg(),
        "cfg", hex(service.cfg()),
        "sys", of(service.sys()),
        "pkg_incarnation", service.pkgIncarnation());
  }

  private static Map<String, Object> of(SysInfo sys) {
    return Map.of(
        "ip", sys.ip(),
        "hostname", sys.hostname(),
        "gossip_ip", sys.gossipIp(),
        "gossip_port", Integer.toUnsignedLong(sys.gossipPort()),
        "http_gateway_ip", sys.httpGatewayIp(),
        "http_gateway_port", Integer.toUnsignedLong(sys.httpGatewayPort()),
        "ctl_gateway_ip", sys.ctlGatewayIp(),
        "ctl_gateway_port", Integer.toUnsignedLong(sys.ctlGatewayPort()));
  }

  private static Map<String, Object> of(Rumor.Election election) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("member_id", election.candidate());
    fields.put("service_group", election.group());
    fields.put("term", election.term());
    fields.put("suitability", election.suitability());
    fields.put("status", (long) election.status().number());
    if (!election.votes().isEmpty()) {
      fields.put("votes", election.votes());
    }
    return fields;
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toArray());
  }
}

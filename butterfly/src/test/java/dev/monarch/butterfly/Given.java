package dev.monarch.butterfly;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.Swim.ProbePing;
import dev.monarch.wire.SysInfo;
import java.util.List;
import java.util.Optional;

/** What members of a story say. Members are numbered from 1; the number gives id and address. */
final class Given {
  static final int PORT = 9638;

  private Given() {}

  static String id(int n) {
    return "%032x".formatted(n);
  }

  static Endpoint at(int n) {
    return new Endpoint("10.%d.%d.%d".formatted(n >> 16 & 255, n >> 8 & 255, n & 255), PORT);
  }

  /** Its record as others tell it. */
  static Member member(int n, long incarnation) {
    return Member.of(id(n), incarnation, at(n).address(), PORT);
  }

  /** Its record as it tells it itself, without an address. */
  static Member sender(int n, long incarnation) {
    return member(n, incarnation).withAddress("");
  }

  static Member persistent(Member member) {
    return new Member(
        member.id(),
        member.incarnation(),
        member.address(),
        member.swimPort(),
        member.gossipPort(),
        true,
        member.departed(),
        member.probePing());
  }

  static Membership held(int n, long incarnation, Health health) {
    return new Membership(member(n, incarnation), health);
  }

  static MemberRumor rumor(Membership membership) {
    return new MemberRumor(id(99), membership);
  }

  static Ping ping(int n) {
    return ping(n, 0);
  }

  static Ping ping(int n, long incarnation, Membership... news) {
    return new Ping(sender(n, incarnation), Optional.empty(), List.of(news));
  }

  static Ack ack(int n, long incarnation, Membership... news) {
    return new Ack(sender(n, incarnation), Optional.empty(), List.of(news));
  }

  static PingReq pingReq(int n, Member target) {
    return new PingReq(sender(n, 0), target, List.of());
  }

  static ProbePing probePing(int n) {
    return new ProbePing(sender(n, 0).withProbePing(true));
  }

  static ServiceRumor service(int owner, String group, long incarnation) {
    return new ServiceRumor(
        id(owner),
        id(owner),
        new ServiceGroup(group),
        incarnation,
        false,
        "core/redis/4.0.14/20200421191514",
        Bytes.utf8("port = 6379"),
        new SysInfo("10.0.0.1", "host", "0.0.0.0", PORT, "0.0.0.0", 9631, "127.0.0.1", 9632),
        0);
  }

  static ServiceConfigRumor config(String group, long incarnation, String text) {
    return new ServiceConfigRumor(
        Butterfly.OPERATOR, new ServiceGroup(group), incarnation, false, Bytes.utf8(text));
  }

  static ServiceFileRumor file(String group, String name, long incarnation, String text) {
    return new ServiceFileRumor(
        Butterfly.OPERATOR, new ServiceGroup(group), incarnation, false, name, Bytes.utf8(text));
  }

  static DepartureRumor departure(int n) {
    return new DepartureRumor(Butterfly.OPERATOR, id(n));
  }

  static ElectionRumor election(int candidate, String group, long term, ElectionStatus status) {
    return new ElectionRumor(
        new Election(id(candidate), group, term, 0, status, List.of(id(candidate))));
  }
}

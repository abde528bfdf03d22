package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceRumor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A simulated ring of permanent peers, of which the first ones run a service of leader topology, as
 * their Supervisors would: published and stood for at each start.
 */
final class ElectingRing {
  private static final Duration OFTEN = Duration.ofMillis(20);

  private final int grouped;
  private final Simulation ring;

  private ElectingRing(long seed, IntFunction<Settings> settings, int members, int grouped) {
    this.grouped = grouped;
    this.ring =
        Simulation.builder(seed)
            .members(members)
            .settings(settings)
            .persistent(_ -> true)
            .peers(index -> IntStream.range(0, members).filter(n -> n != index).boxed().toList())
            .onceStarted(this::startService)
            .build();
  }

  /** So many members, of which the first ones are the group; nothing has happened yet. */
  static ElectingRing of(long seed, Settings settings, int members, int grouped) {
    return new ElectingRing(seed, _ -> settings, members, grouped);
  }

  /** A group of ours and one original, which is the first host; settled as below. */
  static ElectingRing aroundAnOriginal(long seed, int members) {
    return new ElectingRing(
            seed, index -> index == 0 ? Settings.stock() : Settings.standard(), members, members)
        .settled();
  }

  /** The same, once it has a leader that all agree about and everything was told. */
  static ElectingRing settled(long seed, Settings settings, int members, int grouped) {
    return of(seed, settings, members, grouped).settled();
  }

  private ElectingRing settled() {
    within(Duration.ofMinutes(2), this::hasOneLeader);
    ring.runFor(Duration.ofSeconds(40));
    assertThat(hasOneLeader()).isTrue();
    return this;
  }

  private void startService(Host host) {
    if (host.index() >= grouped) {
      return;
    }
    long known =
        host.view().state().services().stream()
            .filter(service -> service.memberId().equals(host.id()))
            .mapToLong(ServiceRumor::incarnation)
            .findFirst()
            .orElse(0);
    ring().publish(host, ElectionScenario.service(host.id(), known + 1));
    ring().hand(host, new Input.StandForElection(ElectionScenario.GROUP));
  }

  Simulation ring() {
    return ring;
  }

  Host host(int index) {
    return ring.host(index);
  }

  /** The group's hosts whose members take part. */
  List<Host> group() {
    return ring.wellHosts().stream().filter(host -> host.index() < grouped).toList();
  }

  /** Runs until the condition holds. */
  boolean comes(Duration limit, BooleanSupplier condition) {
    return ring.runUntil(condition, limit, OFTEN).isPresent();
  }

  void within(Duration limit, BooleanSupplier condition) {
    assertThat(comes(limit, condition)).as("in time").isTrue();
  }

  Explanation explanation(Host host) {
    return Explanation.of(host.view(), ElectionScenario.GROUP);
  }

  /** The record as a member has it. */
  Election election(Host host) {
    return host.view().state().elections().stream()
        .filter(election -> election.group().equals(ElectionScenario.GROUP.text()))
        .findFirst()
        .orElseThrow();
  }

  boolean lacksQuorum(Host host) {
    return election(host).status() == ElectionStatus.NO_QUORUM;
  }

  boolean follows(Host host, Host leader) {
    return explanation(host).leaderId().equals(Optional.of(leader.id()));
  }

  /** The host that the group agrees to be led by; empty if it does not, or nobody there leads. */
  Optional<Host> leader() {
    return group().stream()
        .filter(host -> group().stream().allMatch(member -> follows(member, host)))
        .findFirst();
  }

  /**
   * True if all that are well, in the group or not, follow one leader that is well, in one term.
   */
  boolean hasOneLeader() {
    Optional<Host> leader = leader();
    return leader.isPresent()
        && ring.wellHosts().stream()
            .allMatch(
                host ->
                    follows(host, leader.get())
                        && election(host).term() == election(leader.get()).term());
  }

  /** True if every other well member holds it dead. */
  boolean isHeldDead(Host host) {
    return ring.wellHosts().stream()
        .filter(other -> other != host)
        .allMatch(
            other ->
                other
                    .healthOf(host)
                    .filter(health -> health.isWorseThan(Health.SUSPECT))
                    .isPresent());
  }
}

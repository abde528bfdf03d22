package dev.monarch.butterfly.detector;

import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.membership.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The probes of SWIM (butterfly.md 5.1, 5.2; Das, Gupta, Motivala 2002, section 3.1), one at a
 * time.
 *
 * <pre>
 *   idle     its turn comes            ping the next member            pinged
 *   pinged   the member is heard       -                               idle until the period is over
 *   pinged   the ping times out        ask others to ping it           asked
 *   asked    the member is heard       -                               idle until the period is over
 *   asked    the wait times out        suspect it                      idle
 * </pre>
 *
 * A pass goes over everybody worth a probe in a random order that is drawn anew for each pass. Of
 * members that were never heard a pass takes a limited number, so that a flood of invented members
 * cannot starve the real ones; in an honest ring the limit is not felt, for everybody is heard
 * soon.
 *
 * <p>Waits count from when the machine acts, not from when it should have: a process that was
 * frozen gives the answers that queued up meanwhile a chance before it suspects anybody.
 */
public final class ProbeCycle {
  /** Members never heard that a pass takes in any case; more go in if more were heard. */
  static final int UNHEARD_PER_PASS_MIN = 16;

  /** What a probe wants done. */
  public sealed interface Step {
    Entry target();

    record Ping(Entry target) implements Step {}

    record AskOthers(Entry target, long pingedForNanos) implements Step {}

    record Suspect(Entry target, long askedForNanos) implements Step {}
  }

  /**
   * The end of a probe by an answer.
   *
   * @param viaOthers true if others had been asked
   */
  public record Answered(boolean viaOthers, long durationNanos) {}

  private record Probe(Entry target, long startNanos, boolean asked, long stageNanos) {}

  private final Settings settings;
  private final RandomGenerator random;
  private final Deque<String> pass = new ArrayDeque<>();
  private Optional<Probe> current = Optional.empty();
  private long nextProbeNanos;

  public ProbeCycle(Settings settings, RandomGenerator random, long nowNanos) {
    this.settings = settings;
    this.random = random;
    this.nextProbeNanos = nowNanos;
  }

  /**
   * What is due now; ask again until there is nothing.
   *
   * @param everybody the members worth a probe, without this one
   * @param find the current entry of a member, if it is still worth a probe
   */
  public Optional<Step> due(
      long nowNanos,
      Supplier<Collection<Entry>> everybody,
      Function<String, Optional<Entry>> find) {
    if (current.isPresent()) {
      return nowNanos < deadline(current.get())
          ? Optional.empty()
          : Optional.of(runOut(current.get(), nowNanos));
    }
    if (nowNanos < nextProbeNanos) {
      return Optional.empty();
    }
    Optional<Entry> target = next(find);
    if (target.isEmpty()) {
      draw(everybody.get());
      target = next(find);
    }
    nextProbeNanos = nowNanos + settings.protocolPeriod().toNanos();
    current = target.map(entry -> new Probe(entry, nowNanos, false, nowNanos));
    return target.map(Step.Ping::new);
  }

  /** When {@link #due} has something to say next. */
  public long nextDeadlineNanos() {
    return current.map(this::deadline).orElse(nextProbeNanos);
  }

  /** A member was heard; returns the probe this answers, if it answers one. */
  public Optional<Answered> heard(String memberId, long nowNanos) {
    Optional<Probe> answered = current.filter(probe -> probe.target().id().equals(memberId));
    if (answered.isPresent()) {
      current = Optional.empty();
    }
    return answered.map(probe -> new Answered(probe.asked(), nowNanos - probe.stageNanos()));
  }

  private long deadline(Probe probe) {
    return probe.stageNanos()
        + (probe.asked() ? settings.pingReqTimeout() : settings.pingTimeout()).toNanos();
  }

  private Step runOut(Probe probe, long nowNanos) {
    long waited = nowNanos - probe.stageNanos();
    if (probe.asked()) {
      current = Optional.empty();
      return new Step.Suspect(probe.target(), waited);
    }
    current = Optional.of(new Probe(probe.target(), probe.startNanos(), true, nowNanos));
    return new Step.AskOthers(probe.target(), waited);
  }

  private Optional<Entry> next(Function<String, Optional<Entry>> find) {
    while (!pass.isEmpty()) {
      Optional<Entry> entry = find.apply(pass.remove());
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  private void draw(Collection<Entry> everybody) {
    List<String> heard = new ArrayList<>();
    List<String> unheard = new ArrayList<>();
    for (Entry entry : everybody) {
      (entry.heard() ? heard : unheard).add(entry.id());
    }
    Collections.shuffle(unheard, random);
    int unheardMax = Math.max(UNHEARD_PER_PASS_MIN, heard.size());
    heard.addAll(unheard.subList(0, Math.min(unheardMax, unheard.size())));
    Collections.shuffle(heard, random);
    pass.addAll(heard);
  }
}

package dev.monarch.ring;

import dev.monarch.butterfly.Output.ProbeEnded;
import dev.monarch.butterfly.Output.ProbeStage;
import dev.monarch.ring.RingMetrics.Histogram;
import dev.monarch.ring.RingMetrics.Probes;
import dev.monarch.ring.RingMetrics.SwimKind;
import dev.monarch.ring.RingMetrics.Traffic;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.Swim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a member counts about its traffic; any thread may count. */
final class Counters {
  /** Messages of each sort, and the size of the last. */
  static final class Meter<K extends Enum<K>> {
    private final Map<K, LongAdder> messages;
    private final Map<K, LongCell> sizes;

    private static final class LongCell {
      private volatile long value;
    }

    Meter(Class<K> kinds) {
      this.messages = new EnumMap<>(kinds);
      this.sizes = new EnumMap<>(kinds);
      for (K kind : kinds.getEnumConstants()) {
        messages.put(kind, new LongAdder());
        sizes.put(kind, new LongCell());
      }
    }

    @SuppressWarnings("NullAway") // every kind is put in by the constructor
    void count(K kind, long bytes) {
      messages.get(kind).increment();
      sizes.get(kind).value = bytes;
    }

    @SuppressWarnings("NullAway") // every kind is put in by the constructor
    Map<K, Traffic> snapshot() {
      Map<K, Traffic> all = new HashMap<>();
      messages.forEach(
          (kind, count) -> all.put(kind, new Traffic(count.sum(), sizes.get(kind).value)));
      return all;
    }
  }

  final Meter<SwimKind> swimSent = new Meter<>(SwimKind.class);
  final Meter<SwimKind> swimReceived = new Meter<>(SwimKind.class);
  final Meter<Rejection> swimRejected = new Meter<>(Rejection.class);
  final LongAdder acksForwarded = new LongAdder();
  final LongAdder recordsDropped = new LongAdder();
  final LongAdder sendFailures = new LongAdder();
  final LongAdder overflowed = new LongAdder();
  final LongAdder cut = new LongAdder();
  final Meter<RumorKind> gossipSent = new Meter<>(RumorKind.class);
  final Meter<RumorKind> gossipReceived = new Meter<>(RumorKind.class);
  final Meter<Rejection> gossipRejected = new Meter<>(Rejection.class);
  final LongAdder connectFailures = new LongAdder();
  final LongAdder pushFailures = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder diskFailures = new LongAdder();
  final LongAdder eventsMissed = new LongAdder();

  private final Map<ProbeStage, ProbeMeter> probes =
      Map.of(ProbeStage.PING, new ProbeMeter(), ProbeStage.PINGREQ, new ProbeMeter());

  static SwimKind kindOf(Swim message) {
    return switch (message) {
      case Swim.Ping ping -> SwimKind.PING;
      case Swim.Ack ack -> SwimKind.ACK;
      case Swim.PingReq request -> SwimKind.PINGREQ;
      case Swim.ProbePing probe -> SwimKind.PROBEPING;
    };
  }

  @SuppressWarnings("NullAway") // both stages are in the map
  void probeEnded(ProbeEnded probe) {
    probes.get(probe.stage()).count(probe.answered(), probe.durationNanos());
  }

  Map<ProbeStage, Probes> probes() {
    Map<ProbeStage, Probes> all = new EnumMap<>(ProbeStage.class);
    probes.forEach((stage, meter) -> all.put(stage, meter.snapshot()));
    return all;
  }

  private static final class ProbeMeter {
    private final long[] counts = new long[Histogram.BOUNDS.size() + 1];
    private long answered;
    private long unanswered;
    private long sumNanos;

    synchronized void count(boolean wasAnswered, long nanos) {
      if (wasAnswered) {
        answered++;
      } else {
        unanswered++;
      }
      int bucket = 0;
      while (bucket < Histogram.BOUNDS.size() && nanos > Histogram.BOUNDS.get(bucket).toNanos()) {
        bucket++;
      }
      counts[bucket]++;
      sumNanos += nanos;
    }

    synchronized Probes snapshot() {
      List<Long> copied = new ArrayList<>();
      Arrays.stream(counts).forEach(copied::add);
      return new Probes(answered, unanswered, new Histogram(copied, Duration.ofNanos(sumNanos)));
    }
  }
}

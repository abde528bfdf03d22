package dev.monarch.simulator;

import dev.monarch.butterfly.Output;
import dev.monarch.wire.Endpoint;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One connection of the TCP plane, as its sender has it. */
final class Link {
  /** Rumors handed over together. */
  @SuppressWarnings("ArrayRecordComponent")
  record Delivery(byte[][] rumors, long earliest) {}

  final Host from;
  final int fromGeneration;
  final String memberId;
  final Endpoint endpoint;
  final @Nullable Host to;
  final ArrayDeque<Delivery> underWay = new ArrayDeque<>();

  int toGeneration;
  boolean open;
  boolean closed;
  boolean broken;
  Output.@Nullable Push pending;
  byte @Nullable [][] pendingRumors;
  long lastArrival;
  long troubleSince = Long.MAX_VALUE;
  int attempts;
  boolean deliveryScheduled;

  Link(Host from, String memberId, Endpoint endpoint, @Nullable Host to) {
    this.from = from;
    this.fromGeneration = from.generation;
    this.memberId = memberId;
    this.endpoint = endpoint;
    this.to = to;
  }
}

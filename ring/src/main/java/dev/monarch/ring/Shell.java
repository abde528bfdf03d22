package dev.monarch.ring;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.crypto.RingKey;
import dev.monarch.ring.disk.MemberFiles;
import dev.monarch.ring.zmtp.Links;
import dev.monarch.ring.zmtp.PullServer;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything between the machine and the world, in both directions: bytes become inputs on the
 * threads that hear them, outputs become bytes, files and events.
 */
final class Shell implements Loop.Hands, UdpTransport.Audience, PullServer.Audience {
  private final String memberId;
  private final Optional<RingKey> key;
  private final MemberFiles files;
  private final CutFile cutFile;
  private final UdpTransport udp;
  private final Links links;
  private final Loop loop;
  private final Counters counters;
  private final Audience audience;

  Shell(
      String memberId,
      Optional<RingKey> key,
      MemberFiles files,
      CutFile cutFile,
      UdpTransport udp,
      Links links,
      Loop loop,
      Counters counters,
      Audience audience) {
    this.memberId = memberId;
    this.key = key;
    this.files = files;
    this.cutFile = cutFile;
    this.udp = udp;
    this.links = links;
    this.loop = loop;
    this.counters = counters;
    this.audience = audience;
  }

  // ---- Heard ----

  @Override
  public void datagram(Endpoint source, byte[] bytes) {
    if (cutFile.bars(source)) {
      counters.cut.increment();
    } else {
      guarded("a datagram", () -> wire(source, bytes));
    }
  }

  /** Hearing goes on whatever comes: a thread that died of one message would hear no other. */
  private void guarded(String what, Runnable hearing) {
    try {
      hearing.run();
    } catch (RuntimeException | Error e) {
      failedHere(what, e);
    }
  }

  private void failedHere(String what, Throwable cause) {
    counters.failures.increment();
    failed(what, cause, counters.failures.sum());
  }

  private void wire(Endpoint source, byte[] bytes) {
    switch (Envelope.unwrap(bytes, key)) {
      case Decoded.Rejected<byte[]> rejected ->
          counters.swimRejected.count(rejected.reason(), bytes.length);
      case Decoded.Accepted<byte[]>(byte[] payload, int none) -> swim(source, payload);
    }
  }

  private void swim(Endpoint source, byte[] payload) {
    switch (SwimCodec.decode(payload)) {
      case Decoded.Rejected<Swim> rejected ->
          counters.swimRejected.count(rejected.reason(), payload.length);
      case Decoded.Accepted<Swim>(Swim message, int dropped) -> {
        counters.swimReceived.count(Counters.kindOf(message), payload.length);
        counters.recordsDropped.add(dropped);
        if (!loop.offerDatagram(new Input.DatagramHeard(source, message))) {
          counters.overflowed.increment();
        }
      }
    }
  }

  @Override
  public void message(byte[] bytes) {
    guarded("a rumor", () -> wire(bytes));
  }

  private void wire(byte[] bytes) {
    switch (Envelope.unwrap(bytes, key)) {
      case Decoded.Rejected<byte[]> rejected ->
          counters.gossipRejected.count(rejected.reason(), bytes.length);
      case Decoded.Accepted<byte[]>(byte[] payload, int none) -> rumor(payload);
    }
  }

  private void rumor(byte[] payload) {
    switch (RumorCodec.decode(payload)) {
      case Decoded.Rejected<Rumor> rejected ->
          counters.gossipRejected.count(rejected.reason(), payload.length);
      case Decoded.Accepted<Rumor>(Rumor rumor, int dropped) -> {
        counters.gossipReceived.count(rumor.kind(), payload.length);
        loop.putRumor(new Input.RumorHeard(rumor));
      }
    }
  }

  @Override
  public void oversized(long bytes) {
    counters.gossipRejected.count(Rejection.OVERSIZED, bytes);
  }

  // ---- To be done ----

  @Override
  public void carryOut(Output output) {
    switch (output) {
      case Output.Send(Endpoint to, Swim message) -> send(to, message);
      case Output.Push push ->
          Thread.ofVirtual().name("ring-push").start(() -> pushAndReport(push));
      case Output.CloseLink(String other) -> links.close(other);
      case Output.StoreIncarnation(long incarnation) -> store(incarnation);
      case Output.MemberChanged(var member, var from, var to) ->
          audience.tell(
              new RingEvent.MemberChanged(Instant.now(), System.nanoTime(), member, from, to));
      case Output.RumorStored(var rumor) ->
          audience.tell(new RingEvent.RumorStored(Instant.now(), rumor));
      case Output.DepartureOrdered() ->
          audience.tell(new RingEvent.DepartureOrdered(Instant.now()));
      case Output.OwnIdHeard(Endpoint source) ->
          audience.tell(new RingEvent.OwnIdHeard(Instant.now(), source));
      case Output.ProbeEnded probe -> counters.probeEnded(probe);
    }
  }

  private void send(Endpoint to, Swim message) {
    if (cutFile.bars(to)) {
      counters.cut.increment();
      return;
    }
    byte[] bytes = Envelope.wrap(SwimCodec.encode(message), key);
    if (!udp.send(to, bytes)) {
      counters.sendFailures.increment();
      return;
    }
    switch (message) {
      case Swim.Ack ack when !ack.from().id().equals(memberId) ->
          counters.acksForwarded.increment();
      case Swim.ProbePing probe -> counters.swimSent.count(RingMetrics.SwimKind.PING, bytes.length);
      case Swim.Ping ping -> counters.swimSent.count(RingMetrics.SwimKind.PING, bytes.length);
      case Swim.Ack ack -> counters.swimSent.count(RingMetrics.SwimKind.ACK, bytes.length);
      case Swim.PingReq ask -> counters.swimSent.count(RingMetrics.SwimKind.PINGREQ, bytes.length);
    }
  }

  /** However it goes, the machine is told, or it would never push to this member again. */
  private void pushAndReport(Output.Push push) {
    boolean delivered = false;
    try {
      delivered = push(push);
    } catch (RuntimeException | Error e) {
      failedHere("a push", e);
    } finally {
      loop.putControl(new Input.PushEnded(push.id(), delivered));
    }
  }

  private boolean push(Output.Push push) {
    List<byte[]> messages = new ArrayList<>(push.rumors().size());
    for (Rumor rumor : push.rumors()) {
      messages.add(Envelope.wrap(RumorCodec.encode(rumor), key));
    }
    return switch (links.push(push.memberId(), push.to(), messages)) {
      case DELIVERED -> {
        for (int i = 0; i < messages.size(); i++) {
          counters.gossipSent.count(push.rumors().get(i).kind(), messages.get(i).length);
        }
        yield true;
      }
      case NO_CONNECTION -> {
        counters.connectFailures.increment();
        yield false;
      }
      case BROKEN -> {
        counters.pushFailures.increment();
        yield false;
      }
    };
  }

  private void store(long incarnation) {
    try {
      files.storeIncarnation(incarnation);
    } catch (IOException e) {
      diskFailed(e);
    }
  }

  /** Reports a write that failed; its message says all. */
  void diskFailed(IOException cause) {
    counters.diskFailures.increment();
    trouble(cause.getMessage() + "; the member goes on, make room or make it writable");
  }

  void trouble(String text) {
    audience.tell(new RingEvent.Trouble(Instant.now(), text));
  }

  /** Told for the first time and then ever more rarely, lest somebody fills the log by it. */
  @Override
  public void failed(String what, Throwable cause, long times) {
    if (Long.bitCount(times) == 1) {
      trouble(
          "internal error on "
              + what
              + ", the member goes on (number "
              + times
              + "): "
              + cause
              + placeOf(cause));
    }
  }

  private static String placeOf(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}

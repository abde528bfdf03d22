package dev.monarch.bench;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Handshake;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long configuration takes from the control gateway of a member that runs no service, as a
 * bastion does, to the hooks {@code reconfigure} of all members of the group, and until that member
 * knows that all have applied it: what {@code hab config apply --wait} asks and waits for, without
 * the start of the command.
 */
final class ConfigurationBench {
  private static final ServiceGroup GROUP = new ServiceGroup("probe.default");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private ConfigurationBench() {}

  static String run(int members, int changes) {
    List<Double> anywhere = new ArrayList<>();
    List<Double> everywhere = new ArrayList<>();
    List<Double> told = new ArrayList<>();
    try (RealRing ring = RealRing.start(Product.monarch(Bench.root()), members + 1)) {
      RunningSupervisor bastion = ring.supervisors().getFirst();
      List<ProbeService> services =
          ring.supervisors().stream()
              .skip(1)
              .map(supervisor -> new ProbeService(supervisor.directory(), "probe"))
              .toList();
      for (ProbeService service : services) {
        service.install();
        service.load();
      }
      RunningSupervisor.await(
          "all services run", LIMIT, () -> services.stream().allMatch(ProbeService::hasRun));
      RunningSupervisor.pause(LIMIT.dividedBy(4));
      for (int value = 1; value <= changes; value++) {
        int wanted = value;
        long start = Machine.wallNanos();
        apply(bastion, value);
        told.add((Machine.wallNanos() - start) / 1e6);
        RunningSupervisor.await(
            "value " + value + " is everywhere",
            LIMIT,
            () -> services.stream().allMatch(service -> service.has(wanted)));
        List<Double> took =
            services.stream().map(service -> (service.atNanos() - start) / 1e6).sorted().toList();
        anywhere.addAll(took);
        everywhere.add(took.getLast());
        RunningSupervisor.pause(PAUSE);
      }
    }
    Table table =
        new Table("configuration handed to a bastion, ring of " + members, "median (least–most)");
    table.row("hook runs at a member, ms", Distribution.of(anywhere).text("%.0f"));
    table.row("hook runs at the last member, ms", Distribution.of(everywhere).text("%.0f"));
    table.row("the bastion says that all have applied it, ms", Distribution.of(told).text("%.0f"));
    return table.text();
  }

  private static void apply(RunningSupervisor bastion, int value) {
    try (Socket socket = new Socket(bastion.address(), RunningSupervisor.CONTROL_PORT)) {
      FrameReader frames = new FrameReader(socket.getInputStream());
      send(socket, ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(bastion.secret())));
      reply(frames);
      SvcSetCfg request =
          new SvcSetCfg(
              GROUP,
              Bytes.utf8("value = " + value),
              value,
              false,
              true,
              OptionalLong.of(LIMIT.toSeconds()));
      send(socket, ControlCodec.frame(Transaction.REQUEST, request));
      while (reply(frames)) {
        // A line for each member, then the verdict.
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask " + bastion, e);
    }
  }

  private static void send(Socket socket, Frame frame) throws IOException {
    socket.getOutputStream().write(frame.encode());
  }

  /** Takes the next reply; false if the gateway has said all. */
  private static boolean reply(FrameReader frames) throws IOException {
    Optional<Decoded<Frame>> frame = frames.next(Frame.FRAME_BYTES_MAX);
    if (frame.isEmpty()) {
      return false;
    }
    if (accepted(ControlCodec.reply(accepted(frame.get()))) instanceof NetErr refusal) {
      throw new IllegalStateException(
          "expected all members to apply the configuration, found " + refusal);
    }
    return true;
  }

  private static <T> T accepted(Decoded<T> decoded) {
    return switch (decoded) {
      case Decoded.Accepted<T>(T value, int _) -> value;
      case Decoded.Rejected<T>(var _, String detail) -> throw new IllegalStateException(detail);
    };
  }
}

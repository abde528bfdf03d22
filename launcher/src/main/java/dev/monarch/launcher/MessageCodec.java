package dev.monarch.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages as bytes. A frame is its length in four bytes, then a tag, then the fields in the order
 * of the record; numbers are big-endian, texts are UTF-8 behind their length in four bytes.
 *
 * <p>The two sides are one product, so nothing here is optional or skipped: what does not fit is an
 * error that ends the connection.
 */
final class MessageCodec {
  /** An environment, the largest thing said here, may have some 2 MiB on Linux. */
  static final int FRAME_BYTES_MAX = 4 * 1024 * 1024;

  private static final int REGISTER = 1;
  private static final int SPAWN = 2;
  private static final int SIGNAL = 3;
  private static final int LIST = 4;
  private static final int DONE = 5;
  private static final int SPAWNED = 6;
  private static final int RUNNING = 7;
  private static final int REFUSED = 8;
  private static final int EXITED = 9;
  private static final int SHUTDOWN = 10;
  private static final int RESTART = 11;
  private static final int LOST = 12;

  private MessageCodec() {}

  /** The frame, its length included. */
  static byte[] encode(Message message) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(0);
      write(out, message);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory cannot fail to be written", impossible);
    }
    byte[] frame = bytes.toByteArray();
    int length = frame.length - Integer.BYTES;
    if (length > FRAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "expected a message of at most %d bytes, found %d; make its environment smaller"
              .formatted(FRAME_BYTES_MAX, length));
    }
    frame[0] = (byte) (length >>> 24);
    frame[1] = (byte) (length >>> 16);
    frame[2] = (byte) (length >>> 8);
    frame[3] = (byte) length;
    return frame;
  }

  private static void write(DataOutputStream out, Message message) throws IOException {
    switch (message) {
      case Message.Register(int number, int version, int pid) ->
          integers(out, REGISTER, number, version, pid);
      case Message.Spawn(int number, SpawnRequest request) -> {
        integers(out, SPAWN, number);
        spawn(out, request);
      }
      case Message.SignalTo(int number, int pid, Signal signal) ->
          integers(out, SIGNAL, number, pid, signal.number());
      case Message.ListRunning(int number) -> integers(out, LIST, number);
      case Message.Done(int number) -> integers(out, DONE, number);
      case Message.Spawned(int number, int pid) -> integers(out, SPAWNED, number, pid);
      case Message.Running(int number, List<RunningService> services) -> {
        integers(out, RUNNING, number, services.size());
        for (RunningService service : services) {
          text(out, service.serviceGroup());
          out.writeInt(service.pid());
          out.writeLong(service.startedAt().toEpochMilli());
          out.writeLong(service.tag().number());
        }
      }
      case Message.Refused(int number, String text) -> {
        integers(out, REFUSED, number);
        text(out, text);
      }
      case Message.Told(LauncherEvent event) -> event(out, event);
    }
  }

  private static void event(DataOutputStream out, LauncherEvent event) throws IOException {
    switch (event) {
      case LauncherEvent.Exited(String serviceGroup, int pid, ExitStatus status) -> {
        integers(out, EXITED, pid);
        switch (status) {
          case ExitStatus.Code(int code) -> integers(out, 0, code);
          case ExitStatus.Killed(int signal) -> integers(out, 1, signal);
        }
        text(out, serviceGroup);
      }
      case LauncherEvent.ShutdownRequested() -> integers(out, SHUTDOWN);
      case LauncherEvent.RestartRequested() -> integers(out, RESTART);
      case LauncherEvent.LauncherLost() -> integers(out, LOST);
    }
  }

  private static void spawn(DataOutputStream out, SpawnRequest request) throws IOException {
    text(out, request.serviceGroup());
    text(out, request.binary().toString());
    out.writeInt(request.environment().size());
    for (Map.Entry<String, String> variable : request.environment().entrySet()) {
      text(out, variable.getKey());
      text(out, variable.getValue());
    }
    out.writeBoolean(request.runAs().isPresent());
    if (request.runAs().isPresent()) {
      text(out, request.runAs().get().user());
      text(out, request.runAs().get().group());
    }
    out.writeInt(request.stopSignal().number());
    out.writeLong(request.stopTimeout().toMillis());
    out.writeLong(request.tag().number());
  }

  private static void integers(DataOutputStream out, int tag, int... numbers) throws IOException {
    out.writeByte(tag);
    for (int number : numbers) {
      out.writeInt(number);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * The message in a frame.
   *
   * @param frame without its length
   * @throws IOException if it is none
   */
  static Message decode(byte[] frame) throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(frame))) {
      Message message = read(in);
      if (in.available() > 0) {
        throw new IOException("expected the end of a message, found " + in.available() + " bytes");
      }
      return message;
    } catch (IllegalArgumentException invalid) {
      throw new IOException(
          "expected a message that makes sense: " + invalid.getMessage(), invalid);
    }
  }

  private static Message read(DataInputStream in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case REGISTER -> new Message.Register(in.readInt(), in.readInt(), in.readInt());
      case SPAWN -> new Message.Spawn(in.readInt(), spawn(in));
      case SIGNAL -> new Message.SignalTo(in.readInt(), in.readInt(), signal(in));
      case LIST -> new Message.ListRunning(in.readInt());
      case DONE -> new Message.Done(in.readInt());
      case SPAWNED -> new Message.Spawned(in.readInt(), in.readInt());
      case RUNNING -> running(in);
      case REFUSED -> new Message.Refused(in.readInt(), text(in));
      case EXITED -> exited(in);
      case SHUTDOWN -> new Message.Told(new LauncherEvent.ShutdownRequested());
      case RESTART -> new Message.Told(new LauncherEvent.RestartRequested());
      case LOST -> new Message.Told(new LauncherEvent.LauncherLost());
      default -> throw new IOException("expected a message, found the tag " + tag);
    };
  }

  private static Message running(DataInputStream in) throws IOException {
    int number = in.readInt();
    int count = in.readInt();
    List<RunningService> services = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      services.add(
          new RunningService(text(in), in.readInt(), Instant.ofEpochMilli(in.readLong()), tag(in)));
    }
    return new Message.Running(number, services);
  }

  private static Message exited(DataInputStream in) throws IOException {
    int pid = in.readInt();
    ExitStatus status =
        in.readByte() == 0
            ? new ExitStatus.Code(in.readInt())
            : new ExitStatus.Killed(in.readInt());
    return new Message.Told(new LauncherEvent.Exited(text(in), pid, status));
  }

  private static SpawnRequest spawn(DataInputStream in) throws IOException {
    String serviceGroup = text(in);
    Path binary = path(in);
    int variables = in.readInt();
    Map<String, String> environment = new LinkedHashMap<>();
    for (int i = 0; i < variables; i++) {
      environment.put(text(in), text(in));
    }
    Optional<RunAs> runAs =
        in.readBoolean() ? Optional.of(new RunAs(text(in), text(in))) : Optional.empty();
    return new SpawnRequest(
        serviceGroup,
        binary,
        environment,
        runAs,
        signal(in),
        Duration.ofMillis(in.readLong()),
        tag(in));
  }

  private static ProcessTag tag(DataInputStream in) throws IOException {
    return new ProcessTag(in.readLong());
  }

  private static Path path(DataInputStream in) throws IOException {
    String text = text(in);
    try {
      return Path.of(text);
    } catch (InvalidPathException invalid) {
      throw new IOException("expected a path, found '" + text + "'", invalid);
    }
  }

  private static Signal signal(DataInputStream in) throws IOException {
    int number = in.readInt();
    return Signal.numbered(number)
        .orElseThrow(() -> new IOException("expected a signal, found " + number));
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException(
          "expected a text of at most %d bytes, found %d".formatted(in.available(), length));
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}

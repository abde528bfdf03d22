package dev.monarch.cli.ctl;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A control gateway that says what it is told: one thing after the handshake, everything else after
 * the request, then it hangs up. With nothing more to say it hangs up as soon as that is so. It
 * takes as many connections, one after the other, as it has scripts.
 */
public final class ScriptedGateway implements AutoCloseable {
  private final ServerSocket listening;
  private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();

  /** For one connection. */
  public static ScriptedGateway of(List<byte[]> script) throws IOException {
    return new ScriptedGateway(List.of(script));
  }

  public ScriptedGateway(List<List<byte[]>> scripts) throws IOException {
    this();
    Thread.ofVirtual().start(() -> scripts.forEach(this::play));
  }

  private ScriptedGateway() throws IOException {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** For one connection, all of it as soon as somebody says a word. */
  public static ScriptedGateway sayingAtOnce(List<byte[]> script) throws IOException {
    var gateway = new ScriptedGateway();
    Thread.ofVirtual().start(() -> gateway.sayAtOnce(script));
    return gateway;
  }

  private void sayAtOnce(List<byte[]> script) {
    try (Socket client = listening.accept()) {
      int _ = client.getInputStream().read(new byte[65_536]);
      for (byte[] said : script) {
        client.getOutputStream().write(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void play(List<byte[]> script) {
    try (Socket client = listening.accept()) {
      if (script.isEmpty()) {
        return;
      }
      heard.add(frame(client));
      client.getOutputStream().write(script.getFirst());
      if (script.size() == 1) {
        return;
      }
      heard.add(frame(client));
      for (byte[] said : script.subList(1, script.size())) {
        client.getOutputStream().write(said);
      }
    } catch (IOException e) {
      if (!listening.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads a frame without any help of the codec. */
  private static byte[] frame(Socket client) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    int header = in.readInt();
    int behind = (header < 0 ? 4 : 0) + (header >>> 20 & 63) + (header & 0xFFFFF);
    var frame = new ByteArrayOutputStream();
    frame.writeBytes(ByteBuffer.allocate(4).putInt(header).array());
    frame.writeBytes(in.readNBytes(behind));
    return frame.toByteArray();
  }

  public String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** How many frames of the client nobody has looked at yet. */
  public int unheard() {
    return heard.size();
  }

  /** The next frame of the client. */
  public byte[] heard() throws InterruptedException {
    byte[] next = heard.poll(90, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("waited 90 s for a frame of the client");
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

package dev.monarch.cli.ctl;

import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.http.TlsFiles;
import dev.monarch.supervisor.http.TlsFiles.Identity;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A control gateway with TLS that has no services, whoever asks and whatever the secret is. */
final class TlsGateway implements AutoCloseable {
  private final SSLServerSocket listening;
  private final List<String> namesAsked = new CopyOnWriteArrayList<>();

  private TlsGateway(SSLServerSocket listening) {
    this.listening = listening;
  }

  /**
   * Listens.
   *
   * @param clients who vouches for clients, which need a certificate then
   */
  static TlsGateway with(Path key, Path certificate, Optional<Path> clients) throws IOException {
    try {
      // Both sides need the same: an identity, and whom to trust.
      var context = TlsFiles.clientContext(clients, Optional.of(new Identity(key, certificate)));
      var listening =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
      listening.setNeedClientAuth(clients.isPresent());
      var gateway = new TlsGateway(listening);
      Thread.ofVirtual().start(gateway::serve);
      return gateway;
    } catch (StartException wrong) {
      throw new IOException(wrong);
    }
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept()) {
        answer((SSLSocket) client);
      } catch (IOException broken) {
        // A client that does not trust us, or that we do not trust.
      }
    }
  }

  private void answer(SSLSocket client) throws IOException {
    client.startHandshake();
    ((ExtendedSSLSession) client.getSession())
        .getRequestedServerNames()
        .forEach(name -> namesAsked.add(((SNIHostName) name).getAsciiName()));
    var frames = new FrameReader(client.getInputStream());
    for (Transaction transaction : List.of(Transaction.HANDSHAKE, Transaction.REQUEST)) {
      if (frames.next(Frame.FRAME_BYTES_MAX).isEmpty()) {
        return;
      }
      client
          .getOutputStream()
          .write(ControlCodec.frame(transaction.lastReply(), new NetOk()).encode());
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The names that clients asked for. */
  List<String> namesAsked() {
    return List.copyOf(namesAsked);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

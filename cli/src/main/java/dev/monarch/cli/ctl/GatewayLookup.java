package dev.monarch.cli.ctl;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the control gateway is, and what opens it (control.md 5.3 and 11.1). The first that is
 * there counts:
 *
 * <pre>
 *   address   --remote-sup, listen_ctl of cli.toml, 127.0.0.1:9632
 *   secret    HAB_CTL_SECRET, ctl_secret of cli.toml, the local Supervisor's CTL_SECRET, the empty text
 *   TLS       if ctl_server_ca_certificate of cli.toml is there
 * </pre>
 *
 * <p>Nothing here knows the parser of command lines, which is slow to load.
 */
public final class GatewayLookup {
  private static final int STANDARD_PORT = 9632;
  static final String STANDARD_ADDRESS = "127.0.0.1:" + STANDARD_PORT;
  private static final int PORT_MAX = 65_535;

  private GatewayLookup() {}

  /** An address that is none, and why. */
  public static final class AddressException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String address;
    private final String reason;

    AddressException(String address, String reason) {
      super(reason);
      this.address = address;
      this.reason = reason;
    }

    String address() {
      return address;
    }

    String reason() {
      return reason;
    }
  }

  /**
   * A client for the gateway. Nothing is sent yet.
   *
   * @param remote as typed, if it was
   */
  public static ControlClient find(Optional<String> remote, Surroundings surroundings)
      throws AddressException {
    CommandSettings settings = CommandSettings.read(surroundings);
    String address = remote.or(() -> settings.text("listen_ctl")).orElse(STANDARD_ADDRESS);
    return new ControlClient(
        resolve(address),
        host(address),
        secret(surroundings, settings),
        GatewayTls.of(settings),
        ControlClient.PATIENCE);
  }

  /** There are no IPv6 addresses here, so the first colon ends it (control.md 11.1). */
  private static String host(String address) {
    int colon = address.indexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  private static InetSocketAddress resolve(String address) throws AddressException {
    String host = host(address);
    String port =
        host.equals(address)
            ? Integer.toString(STANDARD_PORT)
            : address.substring(host.length() + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > PORT_MAX) {
      throw new AddressException(
          address, "expected a port of 0 to " + PORT_MAX + ", found " + port);
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .map(found -> new InetSocketAddress(found, Integer.parseInt(port)))
          .orElseThrow(() -> new UnknownHostException("no IPv4 address"));
    } catch (UnknownHostException unknown) {
      throw new AddressException(
          address,
          "Failed to resolve ctl address '%s': %s".formatted(address, unknown.getMessage()));
    }
  }

  private static String secret(Surroundings surroundings, CommandSettings settings) {
    return surroundings
        .variable("HAB_CTL_SECRET")
        .or(() -> settings.text("ctl_secret"))
        .orElseGet(() -> localSecret(Layout.of(surroundings.env()).controlSecret()));
  }

  private static String localSecret(Path file) {
    try {
      return Files.readString(file).stripTrailing();
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException unreadable) {
      throw new CommandFailed(
          "expected to read the control secret from %s, found: %s; run as its owner, or set HAB_CTL_SECRET"
              .formatted(file, unreadable));
    }
  }
}

package dev.monarch.supervisor.manager;

import dev.monarch.wire.Ipv4;
import dev.monarch.wire.SysInfo;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What templates see as {@code sys}, and other Supervisors as where this one is found
 * (supervisor.md 7.6).
 *
 * @param version of the Supervisor
 * @param ip of this machine as others reach it
 * @param gossip where it listens, which may be {@code 0.0.0.0}
 */
public record SysFacts(
    String version,
    String memberId,
    String ip,
    String hostname,
    InetSocketAddress gossip,
    InetSocketAddress http,
    InetSocketAddress control,
    boolean permanent) {

  /**
   * No datagram is sent there: "connecting" a UDP socket only asks the kernel which of its
   * addresses it would send from.
   */
  private static final InetSocketAddress OUTSIDE = new InetSocketAddress("8.8.8.8", 53);

  private static final String OUTSIDE_VARIABLE = "HAB_OUTBOUND_IP_ADDR_LOOKUP_SOCKET_ADDR";
  private static final String NOWHERE = "127.0.0.1";
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  /** The address this machine uses toward others; {@code 127.0.0.1} if it has no way out. */
  public static String outboundAddress(Map<String, String> environment) {
    try (var socket = new DatagramSocket()) {
      socket.connect(outside(environment));
      InetAddress local = socket.getLocalAddress();
      String text = local.getHostAddress();
      return local.isAnyLocalAddress() || !Ipv4.isLiteral(text) ? NOWHERE : text;
    } catch (IOException | RuntimeException noWayOut) {
      // No route, no network, or a variable that names no address.
      return NOWHERE;
    }
  }

  private static InetSocketAddress outside(Map<String, String> environment) {
    String text = environment.getOrDefault(OUTSIDE_VARIABLE, "");
    int colon = text.lastIndexOf(':');
    return colon < 1
        ? OUTSIDE
        : new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The kernel's name of this machine; {@code localhost} if it has none. */
  public static String hostnameOfMachine() {
    try {
      return Optional.of(Files.readString(HOSTNAME).strip())
          .filter(name -> !name.isEmpty())
          .orElse("localhost");
    } catch (IOException notLinux) {
      return "localhost";
    }
  }

  /** As a service rumor says it. */
  SysInfo info() {
    return new SysInfo(
        ip,
        hostname,
        address(gossip),
        gossip.getPort(),
        address(http),
        http.getPort(),
        address(control),
        control.getPort());
  }

  /** As templates and documents show it, in the original's order. */
  public Map<String, Object> context() {
    var context = new LinkedHashMap<String, Object>();
    context.put("version", version);
    context.put("member_id", memberId);
    context.putAll(RenderContext.sys(info()));
    context.put("permanent", permanent);
    return Collections.unmodifiableMap(context);
  }

  private static String address(InetSocketAddress listen) {
    return listen.getAddress().getHostAddress();
  }
}

package dev.monarch.cli.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where one member of the demonstration lives.
 *
 * @param letter its name
 * @param permanent whether it is a permanent peer
 * @param peers the letters of the members it is told of
 */
record Seat(
    char letter,
    String ip,
    int gossipPort,
    int httpPort,
    int ctlPort,
    boolean permanent,
    String peers) {
  private static final int GOSSIP = 9638;
  private static final int HTTP = 9631;
  private static final int CTL = 9632;

  /** Networks tried one after the other, so that several demonstrations fit on a machine. */
  private static final int FIRST_NETWORK = 77;

  private static final int NETWORKS = 20;

  /** Between the ports of two members where all share one address. */
  private static final int PORT_STRIDE = 10;

  String gossip() {
    return ip + ":" + gossipPort;
  }

  String http() {
    return ip + ":" + httpPort;
  }

  String ctl() {
    return ip + ":" + ctlPort;
  }

  /** How a peer or a cut names it: by address alone where that is enough. */
  String name() {
    return gossipPort == GOSSIP ? ip : gossip();
  }

  /** Five free places: an address each, or, where the machine has one only, ports. */
  static Optional<List<Seat>> five() {
    for (int network = FIRST_NETWORK; network < FIRST_NETWORK + NETWORKS; network++) {
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i < Story.ALL.length(); i++) {
        seats.add(at(i, "127.0.%d.%d".formatted(network, i + 1), 0));
      }
      if (seats.stream().allMatch(Seat::isFree)) {
        return Optional.of(seats);
      }
    }
    for (int base = 0; base < NETWORKS; base++) {
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i < Story.ALL.length(); i++) {
        seats.add(at(i, "127.0.0.1", (base * Story.ALL.length() + i + 1) * PORT_STRIDE));
      }
      if (seats.stream().allMatch(Seat::isFree)) {
        return Optional.of(seats);
      }
    }
    return Optional.empty();
  }

  private static Seat at(int index, String ip, int portOffset) {
    char letter = Story.ALL.charAt(index);
    String peers =
        switch (letter) {
          case 'A' -> "BC";
          case 'B' -> "AC";
          case 'C' -> "AB";
          default -> "A";
        };
    return new Seat(
        letter,
        ip,
        GOSSIP + portOffset,
        HTTP + portOffset,
        CTL + portOffset,
        peers.length() > 1,
        peers);
  }

  private boolean isFree() {
    try (var udp =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(ip), gossipPort));
        var gossip = tcp(gossipPort);
        var http = tcp(httpPort);
        var ctl = tcp(ctlPort)) {
      return udp.isBound() && gossip.isBound() && http.isBound() && ctl.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private ServerSocket tcp(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.ofLiteral(ip));
  }
}

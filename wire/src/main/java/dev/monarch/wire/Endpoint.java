package dev.monarch.wire;

/**
 * An IPv4 address in dotted form and a port, the only kind of address the protocol carries
 * (butterfly.md 0.3 S4, S6).
 */
public record Endpoint(String address, int port) {
  public Endpoint {
    if (!Ipv4.isLiteral(address)) {
      throw new IllegalArgumentException("expected an IPv4 address, found \"" + address + "\"");
    }
    Member.checkPort(port);
  }

  @Override
  public String toString() {
    return address + ":" + port;
  }
}

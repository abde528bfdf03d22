package dev.monarch.wire;

/**
 * Where the Supervisor behind a service is found (butterfly.md 2.4). Ports are unsigned 32-bit
 * numbers on the wire and here, to be shown by {@link Integer#toUnsignedString(int)}; addresses are
 * any text, often {@code 0.0.0.0}.
 */
public record SysInfo(
    String ip,
    String hostname,
    String gossipIp,
    int gossipPort,
    String httpGatewayIp,
    int httpGatewayPort,
    String ctlGatewayIp,
    int ctlGatewayPort) {}

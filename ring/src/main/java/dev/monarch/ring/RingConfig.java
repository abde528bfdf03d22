package dev.monarch.ring;

import dev.monarch.butterfly.Settings;
import dev.monarch.crypto.RingKey;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a ring member needs to know before it starts. Begin with {@link #in(Path)}, then {@code
 * with…} what differs.
 *
 * @param listen IPv4 address and port of both planes; port 0 takes any that is free on both
 * @param peers members to join through, each {@code host} or {@code host:port}; a name counts for
 *     all its IPv4 addresses and is resolved again from time to time
 * @param peerWatchFile a file of such peers, one a line, read again whenever it changes
 * @param persistent a permanent peer, which others never give up on
 * @param key the ring's key; without it everything is said in clear
 * @param memberIdFile holds the id of this member; created if missing
 * @param dataDirectory holds the incarnation and the rumor file; created if missing
 * @param settings times and counts of the protocol
 * @param persistPeriod how often the rumor file is written at most
 * @param cutFile a file of IPv4 addresses or {@code address:port}, one a line, to and from which
 *     nothing gets through while they are listed: for demonstrations and tests of network splits.
 *     An accepted connection is matched by address only, because its port is a passing one
 */
public record RingConfig(
    InetSocketAddress listen,
    List<String> peers,
    Optional<Path> peerWatchFile,
    boolean persistent,
    Optional<RingKey> key,
    Path memberIdFile,
    Path dataDirectory,
    Settings settings,
    Duration persistPeriod,
    Optional<Path> cutFile) {

  /** Where a member listens unless told otherwise (butterfly.md 0.2). */
  public static final int DEFAULT_PORT = 9638;

  /** The original's period (butterfly.md 0.2). */
  public static final Duration DEFAULT_PERSIST_PERIOD = Duration.ofSeconds(30);

  public RingConfig {
    if (listen.isUnresolved() || !(listen.getAddress() instanceof Inet4Address)) {
      throw new IllegalArgumentException(
          "expected an IPv4 address to listen on, found " + listen.getHostString());
    }
    if (persistPeriod.isNegative() || persistPeriod.isZero()) {
      throw new IllegalArgumentException(
          "expected a positive persist period, found " + persistPeriod);
    }
    peers = List.copyOf(peers);
  }

  /**
   * An ordinary member without key and peers that listens on all addresses at port 9638 and keeps
   * its files in this directory as the Supervisor does.
   */
  public static RingConfig in(Path directory) {
    return new RingConfig(
        new InetSocketAddress("0.0.0.0", DEFAULT_PORT),
        List.of(),
        Optional.empty(),
        false,
        Optional.empty(),
        directory.resolve("MEMBER_ID"),
        directory.resolve("data"),
        Settings.standard(),
        DEFAULT_PERSIST_PERIOD,
        Optional.empty());
  }

  public RingConfig withListen(InetSocketAddress address) {
    return new RingConfig(
        address,
        peers,
        peerWatchFile,
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withPeers(List<String> newPeers) {
    return new RingConfig(
        listen,
        newPeers,
        peerWatchFile,
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withPeerWatchFile(Path file) {
    return new RingConfig(
        listen,
        peers,
        Optional.of(file),
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withPersistent(boolean flag) {
    return new RingConfig(
        listen,
        peers,
        peerWatchFile,
        flag,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withKey(RingKey newKey) {
    return new RingConfig(
        listen,
        peers,
        peerWatchFile,
        persistent,
        Optional.of(newKey),
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withSettings(Settings newSettings) {
    return new RingConfig(
        listen,
        peers,
        peerWatchFile,
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        newSettings,
        persistPeriod,
        cutFile);
  }

  public RingConfig withPersistPeriod(Duration period) {
    return new RingConfig(
        listen,
        peers,
        peerWatchFile,
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        period,
        cutFile);
  }

  public RingConfig withCutFile(Path file) {
    return new RingConfig(
        listen,
        peers,
        peerWatchFile,
        persistent,
        key,
        memberIdFile,
        dataDirectory,
        settings,
        persistPeriod,
        Optional.of(file));
  }
}

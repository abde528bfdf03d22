package dev.monarch.acceptance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Machines of their own on one switch: network namespaces on a bridge.
 *
 * <p>Cuts are packet filter rules on the bridge, where they drop what passes from one machine to
 * another as a broken cable would; in the sender's own filter a datagram would fail with EPERM,
 * which is another fault. The bridge has an address, so the test itself reaches every machine at
 * all times: what it asks does not pass the cut.
 *
 * <p>Names carry the id of this process. What a killed run left behind is removed by the next one.
 */
final class Network implements AutoCloseable {
  /**
   * All namespaces share one neighbour table of 1,024 entries; a full mesh of more overflows it.
   */
  private static final int NEIGHBOURS_LEARNT_MAX = 24;

  private static final int MACHINES_MAX = 250;
  private static final long PID = ProcessHandle.current().pid();
  private static final String RUN = "mo" + Long.toString(PID, 36);
  private static final Pattern LEFT_BEHIND =
      Pattern.compile("\\bmo([0-9a-z]+)[nbc][0-9]+(h[0-9]+)?\\b");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AtomicBoolean SWEPT = new AtomicBoolean();

  private final int number = COUNT.incrementAndGet();
  private final String bridge = RUN + "b" + number;
  private final String table = RUN + "c" + number;
  private final String subnet = "10." + (64 + PID % 128) + "." + number;
  private final List<Host> hosts = new ArrayList<>();

  /**
   * One machine.
   *
   * @param plug its end at the bridge
   */
  record Host(String namespace, String plug, String address) {
    /** The words before a command that is to run on it. */
    List<String> prefix() {
      return List.of("ip", "netns", "exec", namespace);
    }

    /** Pulls out its network cable, at its own end. */
    void unplug() {
      Command.of("ip", "-n", namespace, "link", "set", "eth0", "down").must();
    }

    /** Makes its kernel refuse to send what matches. */
    void forbidSending(String what) {
      Command.of("ip", "netns", "exec", namespace, "nft", "-f", "-")
          .must(
              """
              add table inet refuse
              add chain inet refuse output { type filter hook output priority 0; }
              add rule inet refuse output %s drop
              """
                  .formatted(what));
    }

    void allowSending() {
      Command.of("ip", "netns", "exec", namespace, "nft", "delete", "table", "inet", "refuse")
          .must();
    }

    void plugIn(String gateway) {
      Command.of("ip", "-n", namespace, "link", "set", "eth0", "up").must();
      Command.of("ip", "-n", namespace, "route", "replace", "default", "via", gateway).must();
    }
  }

  Network(int machines) {
    this(machines, Optional.empty());
  }

  /**
   * Machines on a bridge, or on a switch of its own kind.
   *
   * @param bad what connects them instead of a bridge; nothing can be cut there
   */
  Network(int machines, Optional<BadSwitch> bad) {
    if (machines > MACHINES_MAX) {
      throw new IllegalArgumentException("expected up to 250 machines, found " + machines);
    }
    sweep();
    boolean complete = false;
    try {
      build(machines, bad);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private void build(int machines, Optional<BadSwitch> bad) {
    if (bad.isPresent()) {
      bad.get().plug(bridge, true);
    } else {
      Command.of("ip", "link", "add", bridge, "type", "bridge").must();
    }
    Command.of("ip", "-batch", "-")
        .must(
            """
            addr add %2$s/24 dev %1$s
            link set %1$s up
            """
                .formatted(bridge, gateway()));
    for (int i = 1; i <= machines; i++) {
      Host host =
          new Host(RUN + "n" + number + "h" + i, RUN + "b" + number + "h" + i, subnet + "." + i);
      hosts.add(host);
      Command.of("ip", "netns", "add", host.namespace()).must();
      if (bad.isPresent()) {
        bad.get().plug(host.plug(), false);
        Command.of("ip", "link", "set", host.plug(), "netns", host.namespace(), "name", "eth0")
            .must();
      } else {
        Command.of("ip", "-batch", "-")
            .must(
                """
                link add %2$s type veth peer name eth0 netns %1$s
                link set %2$s master %3$s
                link set %2$s up
                """
                    .formatted(host.namespace(), host.plug(), bridge));
      }
      Command.of("ip", "-n", host.namespace(), "-batch", "-")
          .must(
              """
              link set lo up
              link set eth0 address %s
              addr add %s/24 dev eth0
              link set eth0 up
              route add default via %s
              """
                  .formatted(hardware(i), host.address(), gateway()));
    }
    if (machines > NEIGHBOURS_LEARNT_MAX) {
      introduceAll();
    }
    Command.of("nft", "-f", "-")
        .must(
            "add table bridge %1$s\nadd chain bridge %1$s forward { type filter hook forward priority 0; }\n"
                .formatted(table));
  }

  private void introduceAll() {
    for (Host host : hosts) {
      StringBuilder batch = new StringBuilder();
      for (int i = 1; i <= hosts.size(); i++) {
        batch.append(
            "neigh replace %s.%d lladdr %s dev eth0 nud permanent\n"
                .formatted(subnet, i, hardware(i)));
      }
      Command.of("ip", "-n", host.namespace(), "-batch", "-").must(batch.toString());
    }
  }

  /** Locally administered, so that nobody else has it. */
  private static String hardware(int machine) {
    return "02:6d:6f:00:00:%02x".formatted(machine);
  }

  /** The bridge's own address, where the test lives. */
  String gateway() {
    return subnet + ".254";
  }

  /** A machine, counted from 1. */
  Host host(int index) {
    return hosts.get(index - 1);
  }

  /** Nothing gets from any of these to any of those any more; the other way stays open. */
  void cutOneWay(Collection<Host> from, Collection<Host> to) {
    Command.of("nft", "-f", "-").must(drop(from, to));
  }

  /** Nothing gets from any of these to any of those, nor back, both from the same moment on. */
  void cut(Collection<Host> some, Collection<Host> others) {
    Command.of("nft", "-f", "-").must(drop(some, others) + drop(others, some));
  }

  private String drop(Collection<Host> from, Collection<Host> to) {
    return "add rule bridge %s forward iifname { %s } oifname { %s } drop\n"
        .formatted(table, plugs(from), plugs(to));
  }

  void heal() {
    Command.of("nft", "flush", "chain", "bridge", table, "forward").must();
  }

  private static String plugs(Collection<Host> hosts) {
    return hosts.stream().map(host -> '"' + host.plug() + '"').collect(Collectors.joining(", "));
  }

  /** Takes everything down, however far it was built. Processes must have ended before. */
  @Override
  public void close() {
    Command.of("nft", "delete", "table", "bridge", table).run();
    for (Host host : hosts) {
      Command.of("ip", "link", "del", host.plug()).run();
      Command.of("ip", "netns", "del", host.namespace()).run();
    }
    Command.of("ip", "link", "del", bridge).run();
  }

  private static void sweep() {
    if (!SWEPT.compareAndSet(false, true)) {
      return;
    }
    leftBehind("ip", "netns", "list")
        .forEach(
            name -> {
              Command.of("ip", "netns", "pids", name)
                  .run()
                  .output()
                  .lines()
                  .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                  .forEach(ProcessHandle::destroyForcibly);
              Command.of("ip", "netns", "del", name).run();
            });
    leftBehind("ip", "-brief", "link", "show")
        .forEach(name -> Command.of("ip", "link", "del", name).run());
    leftBehind("nft", "list", "tables")
        .forEach(name -> Command.of("nft", "delete", "table", "bridge", name).run());
  }

  /** Names in that listing that belong to a run which no longer lives. */
  private static Stream<String> leftBehind(String... listing) {
    Matcher matcher = LEFT_BEHIND.matcher(Command.of(listing).run().output());
    return matcher
        .results()
        .filter(name -> ProcessHandle.of(Long.parseLong(name.group(1), 36)).isEmpty())
        .map(name -> name.group())
        .distinct()
        .toList()
        .stream();
  }

  /** The hosts with these numbers. */
  List<Host> hosts(int... indices) {
    return Arrays.stream(indices).mapToObj(this::host).toList();
  }
}

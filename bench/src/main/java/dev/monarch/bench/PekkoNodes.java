package dev.monarch.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.MemberUp;
import org.apache.pekko.cluster.singleton.ClusterSingletonManager;
import org.apache.pekko.cluster.singleton.ClusterSingletonManagerSettings;
import org.apache.pekko.cluster.singleton.ClusterSingletonProxy;
import org.apache.pekko.cluster.singleton.ClusterSingletonProxySettings;

/**
 * A process with members of a Pekko cluster in it; prints {@link Report}s. The cluster singleton is
 * the leader: it runs at one member of the group, and every member of the cluster asks it through a
 * proxy where that is, ten times a second.
 *
 * <p>Arguments: a {@link Pace}, the first and the last number, the size of the group (the members 1
 * to that), and how many of the first are seed nodes.
 */
final class PekkoNodes {
  private static final String NETWORK = "127.0.80.";
  private static final int PORT = 25520;
  private static final String GROUP = "group";
  private static final String WHO = "who";
  private static final Duration ASKING = Duration.ofMillis(100);

  /** How hasty it is. */
  enum Pace {
    /**
     * As it comes, with the split brain resolver that its manual asks for, since without one a dead
     * member is never removed and no singleton ever moves.
     */
    DEFAULTS(""),
    /** Every time that lies between a death and the new singleton, as short as is defensible. */
    TUNED(
        """
        pekko.cluster {
          gossip-interval = 200ms
          failure-detector.heartbeat-interval = 500ms
          failure-detector.acceptable-heartbeat-pause = 2s
          failure-detector.expected-response-after = 500ms
          unreachable-nodes-reaper-interval = 200ms
          leader-actions-interval = 200ms
          split-brain-resolver.stable-after = 5s
          singleton.hand-over-retry-interval = 200ms
          singleton-proxy.singleton-identification-interval = 100ms
        }
        """);

    private final String settings;

    Pace(String settings) {
      this.settings = settings;
    }
  }

  private PekkoNodes() {}

  /** Members join one after another: so many at once take each other for dead. */
  public static void main(String[] arguments) throws InterruptedException {
    Pace pace = Pace.valueOf(arguments[0]);
    int group = Integer.parseInt(arguments[3]);
    List<String> seeds =
        IntStream.rangeClosed(1, Integer.parseInt(arguments[4]))
            .mapToObj("pekko://ring@127.0.80.%d:25520"::formatted)
            .toList();
    for (int number = Integer.parseInt(arguments[1]);
        number <= Integer.parseInt(arguments[2]);
        number++) {
      CountDownLatch up = new CountDownLatch(1);
      ActorSystem system = start(number, pace, seeds, number <= group);
      Cluster.get(system).registerOnMemberUp(up::countDown);
      up.await();
    }
  }

  private static ActorSystem start(int number, Pace pace, List<String> seeds, boolean elects) {
    Config own =
        ConfigFactory.parseString(
            """
            pekko {
              loglevel = ERROR
              actor.provider = cluster
              remote.artery.canonical { hostname = "%s%d", port = %d }
              cluster {
                seed-nodes = [%s]
                roles = [%s]
                downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
              }
              # Many members share a machine, so none needs threads for all of its processors.
              actor.default-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-max = 2 }
              actor.internal-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-max = 2 }
            }
            """
                .formatted(NETWORK, number, PORT, quoted(seeds), elects ? GROUP : ""));
    ActorSystem system =
        ActorSystem.create(
            "ring",
            own.withFallback(ConfigFactory.parseString(pace.settings))
                .withFallback(ConfigFactory.load()));
    if (elects) {
      system.actorOf(
          ClusterSingletonManager.props(
              Props.create(Leader.class, () -> new Leader(number)),
              PoisonPill.getInstance(),
              ClusterSingletonManagerSettings.create(system).withRole(GROUP)),
          "leader");
    }
    ActorRef proxy =
        system.actorOf(
            ClusterSingletonProxy.props(
                "/user/leader", ClusterSingletonProxySettings.create(system).withRole(GROUP)),
            "proxy");
    system.actorOf(Props.create(Watcher.class, () -> new Watcher(number, proxy)), "watcher");
    return system;
  }

  private static String quoted(List<String> texts) {
    return "\"" + String.join("\", \"", texts) + "\"";
  }

  /** The singleton: says where it is. */
  private static final class Leader extends AbstractActor {
    private final int number;

    Leader(int number) {
      this.number = number;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().matchEquals(WHO, _ -> getSender().tell(number, getSelf())).build();
    }
  }

  /** Reports what one member of the cluster knows. */
  private static final class Watcher extends AbstractActorWithTimers {
    private final int number;
    private final ActorRef proxy;
    private int leader;

    Watcher(int number, ActorRef proxy) {
      this.number = number;
      this.proxy = proxy;
    }

    @Override
    public void preStart() {
      Cluster.get(getContext().getSystem())
          .subscribe(
              getSelf(),
              ClusterEvent.initialStateAsEvents(),
              MemberUp.class,
              MemberDowned.class,
              MemberRemoved.class);
      getTimers().startTimerWithFixedDelay(WHO, new Ask(), ASKING);
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(Ask.class, _ -> proxy.tell(WHO, getSelf()))
          .match(Integer.class, this::leads)
          .match(MemberUp.class, event -> report(Report.Kind.ALIVE, event.member().address()))
          .match(MemberDowned.class, event -> report(Report.Kind.DEAD, event.member().address()))
          .match(MemberRemoved.class, event -> report(Report.Kind.DEAD, event.member().address()))
          .build();
    }

    private void leads(int now) {
      if (now != leader) {
        leader = now;
        Report.print(number, Report.Kind.LEADS, now);
      }
    }

    private void report(Report.Kind kind, Address address) {
      Report.print(
          number, kind, Integer.parseInt(address.host().get().substring(NETWORK.length())));
    }
  }

  private record Ask() {}
}

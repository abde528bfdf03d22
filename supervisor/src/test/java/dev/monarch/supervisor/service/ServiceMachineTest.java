package dev.monarch.supervisor.service;

import static dev.monarch.supervisor.service.Hook.FILE_UPDATED;
import static dev.monarch.supervisor.service.Hook.HEALTH_CHECK;
import static dev.monarch.supervisor.service.Hook.INIT;
import static dev.monarch.supervisor.service.Hook.POST_RUN;
import static dev.monarch.supervisor.service.Hook.POST_STOP;
import static dev.monarch.supervisor.service.Hook.RECONFIGURE;
import static dev.monarch.supervisor.service.Hook.RUN;
import static dev.monarch.supervisor.service.Hook.SUITABILITY;
import static dev.monarch.supervisor.service.ServiceState.BACKING_OFF;
import static dev.monarch.supervisor.service.ServiceState.DOWN;
import static dev.monarch.supervisor.service.ServiceState.ENDED;
import static dev.monarch.supervisor.service.ServiceState.INITIALIZING;
import static dev.monarch.supervisor.service.ServiceState.STOPPING;
import static dev.monarch.supervisor.service.ServiceState.UP;
import static dev.monarch.supervisor.service.ServiceState.WAITING_FOR_BINDS;
import static dev.monarch.supervisor.service.ServiceState.WAITING_FOR_ELECTION;
import static dev.monarch.supervisor.service.StopCause.DESIRED_DOWN;
import static dev.monarch.supervisor.service.StopCause.SHUTDOWN;
import static dev.monarch.supervisor.service.StopCause.UNLOADED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.checks.Check;
import dev.monarch.supervisor.service.HookResult.Exited;
import dev.monarch.supervisor.service.HookResult.NotStarted;
import dev.monarch.supervisor.service.HookResult.Signalled;
import dev.monarch.supervisor.service.HookResult.TimedOut;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ServiceMachineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Nested
  class Starting {
    @Test
    @Check("supervisor-29")
    void initRunsBeforeTheProcessAndPostRunAfterIt() {
      World web = new World(INIT, POST_RUN).start();

      assertThat(web.happened).containsSubsequence("prepare", "render", "init", "run", "post-run");
      assertThat(web.lines)
          .containsExactly(
              "web.default(SR): Initializing",
              "web.default(SV): Starting service as user=hab, group=hab");
      assertThat(web.status().state()).isEqualTo(UP);
      assertThat(web.status().initialized()).isTrue();
      assertThat(web.status().process()).isEqualTo(web.process()).isPresent();
    }

    @Test
    void aServiceWithoutHooksStartsAtOnce() {
      World web = new World().start();

      assertThat(web.happened).containsExactly("prepare", "render", "run", "health Ok");
    }

    @Test
    void theProcessWaitsUntilInitHasEnded() {
      World web = new World(INIT);
      web.hanging.add(INIT);
      web.start();
      assertThat(web.status().state()).isEqualTo(INITIALIZING);
      assertThat(web.process()).isEmpty();

      web.ends(INIT, new Exited(0));
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    @Check("supervisor-31")
    void aFailedInitKeepsTheProcessFromStarting() {
      World web = new World(INIT, POST_STOP).results(INIT, 3).start();

      assertThat(web.lines)
          .contains("web(HK): Initialization failed! 'init' exited with status code 3");
      assertThat(web.happened).doesNotContain("run").contains("post-stop");
      assertThat(web.status().lastProcess().orElseThrow().reason().text())
          .isEqualTo("init_hook_failed");
      assertThat(web.status().lastProcess().orElseThrow().pid()).isEmpty();

      web.pass(SECOND);
      assertThat(web.count("init")).isEqualTo(2);
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void initMayEndWithoutACode() {
      World web =
          new World(INIT)
              .results(INIT, new Signalled(9), new TimedOut(), new NotStarted("no such file"))
              .start();
      web.pass(Duration.ofSeconds(2));

      assertThat(web.lines)
          .contains(
              "web(HK): Initialization failed! 'init' exited without a status code",
              "web.default(HK): Hook killed, init, it ran longer than 3600 seconds",
              "web.default(HK): Hook failed to run, init, no such file");
      assertThat(web.status().restartCount()).isEqualTo(3);
    }

    @Test
    void aProcessThatCannotBeStartedIsTriedAgain() {
      World web = new World();
      web.cannotBeStarted = Optional.of("no space left on device");
      web.start();
      assertThat(web.lines)
          .contains("web.default(SR): Service start failed: no space left on device");
      assertThat(web.status().state()).isEqualTo(BACKING_OFF);

      web.cannotBeStarted = Optional.empty();
      web.pass(SECOND);
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void aProcessThatEndsBeforeItsStartIsToldIsNotTakenForAlive() {
      World web = new World();
      web.holdsAnswers = true;
      web.start();
      while (web.count("run") == 0) {
        web.answer(0);
      }
      int pid = web.process().orElseThrow();
      web.tell(new ServiceInput.ProcessExited(pid, "exit status: 1"));
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed());

      assertThat(web.happened).contains("signal QUIT");
      assertThat(web.status().process()).isEmpty();
      assertThat(web.status().restartCount()).isEqualTo(1);
    }

    @Test
    void aPackageThatCannotBePreparedIsTriedAgainAndAgain() {
      World web = new World();
      web.cannotBePrepared = Optional.of("Unable to start acme/web, no such package");
      web.start();
      assertThat(web.lines)
          .containsExactly("hab-sup(MR): Unable to start acme/web, no such package");
      assertThat(web.status().failure()).contains("Unable to start acme/web, no such package");

      web.pass(Duration.ofSeconds(1 + 2 + 4));
      assertThat(web.count("prepare")).isEqualTo(4);
      web.pass(Duration.ofHours(1));
      assertThat(web.count("prepare")).as("once in a minute").isBetween(60, 70);

      web.cannotBePrepared = Optional.empty();
      web.start();
      assertThat(web.status().state()).isEqualTo(UP);
      assertThat(web.status().failure()).isEmpty();
      assertThat(web.status().restartCount()).isZero();
    }

    @Test
    void withoutCapabilitiesItSaysWhomItRunsAs() {
      World web = new World();
      web.holdsAnswers = true;
      web.start();
      web.holdsAnswers = false;
      web.held.clear();
      web.tell(
          new ServiceInput.Prepared(
              1,
              new PackageFacts(
                  "acme/web/1/1", "web", Set.of(RUN), "TERM", SECOND, "me", "us", true)));
      web.tell(new ServiceInput.BindsJudged(List.of()));

      assertThat(web.lines)
          .contains(
              "web.default(SV): Current user (me) lacks sufficient capabilites to run services as"
                  + " a different user; running as self!",
              "web.default(SV): Starting service as user=me, group=us");
    }
  }

  @Nested
  class Binding {
    private static final BindJudgement MISSING =
        new BindJudgement("db", false, "The specified service group 'pg.default' is missing");
    private static final BindJudgement THERE =
        new BindJudgement("db", true, "The group 'pg.default' satisfies the `db` bind");

    @Test
    @Check("supervisor-65")
    void aStrictServiceWaitsForItsBinds() {
      World web = new World();
      web.binds = List.of(MISSING);
      web.start();
      assertThat(web.status().state()).isEqualTo(WAITING_FOR_BINDS);
      web.pass(Duration.ofMillis(2500));
      assertThat(web.lines)
          .containsExactly(
              "web.default(SR): " + MISSING.text(),
              "web.default(SR): Waiting for service binds...",
              "web.default(SR): Waiting for service binds...",
              "web.default(SR): Waiting for service binds...");
      assertThat(web.happened).as("nothing is rendered").containsExactly("prepare");

      web.tell(new ServiceInput.BindsJudged(List.of(THERE)));
      assertThat(web.lines).contains("web.default(SR): " + THERE.text());
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void aBindLostLaterIsToldAndStopsNothing() {
      World web = new World();
      web.binds = List.of(THERE);
      web.start().tell(new ServiceInput.BindsJudged(List.of(MISSING)));
      web.tell(new ServiceInput.BindsJudged(List.of(MISSING)));

      assertThat(web.lines.stream().filter(line -> line.contains(MISSING.text()))).hasSize(1);
      assertThat(web.lines)
          .as("satisfied from the start")
          .noneMatch(line -> line.contains(THERE.text()));
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void aRelaxedServiceStartsAtOnce() {
      World web = new World().with(World.settings(false, false, RestartSettings.usual()));
      web.binds = List.of(MISSING);
      web.start();

      assertThat(web.status().state()).isEqualTo(UP);
      assertThat(web.lines).contains("web.default(SR): " + MISSING.text());
      assertThat(web.lines).noneMatch(line -> line.contains("Waiting"));
    }
  }

  @Nested
  class Electing {
    private World leader() {
      return new World(RECONFIGURE).with(World.settings(true, true, RestartSettings.usual()));
    }

    @Test
    void aServiceOfALeaderGroupWaitsForItsLeader() {
      World web = leader();
      web.election = ElectionState.IN_PROGRESS;
      web.start();
      assertThat(web.status().state()).isEqualTo(WAITING_FOR_ELECTION);
      assertThat(web.happened).as("rendered before").contains("render").doesNotContain("run");
      web.tell(web.judged());
      web.election = ElectionState.NO_QUORUM;
      web.tell(web.judged());
      web.election = ElectionState.FINISHED;
      web.tell(web.judged());

      assertThat(web.status().state()).isEqualTo(UP);
      assertThat(web.lines)
          .startsWith(
              "web.default(SR): Waiting to execute hooks; election in progress.",
              "web.default(SR): Waiting to execute hooks; election in progress, and we have no"
                  + " quorum.",
              "web.default(SR): Executing hooks; m1 is the leader");
    }

    @Test
    void whatStartsAfterAnElectionReadsWhoLeads() {
      World web = leader();
      web.election = ElectionState.IN_PROGRESS;
      web.start();
      web.happened.clear();
      web.election = ElectionState.FINISHED;
      web.tell(web.judged());

      assertThat(web.happened).startsWith("render", "run").doesNotContain("reconfigure");
    }

    @Test
    void withoutALeaderNothingIsReconfiguredUntilThereIsOneAgain() {
      World web = leader().start();
      web.election = ElectionState.NO_QUORUM;
      web.tell(web.judged()).configured();
      web.tell(new ServiceInput.Restart(TerminationReason.PACKAGE_UPDATED));
      assertThat(web.happened).doesNotContain("reconfigure");
      assertThat(web.status().state()).isEqualTo(UP);

      web.election = ElectionState.NONE;
      web.tell(web.judged());
      assertThat(web.lines)
          .last()
          .isEqualTo("web.default(SR): Waiting to execute hooks; election hasn't started");

      web.election = ElectionState.FINISHED;
      web.tell(web.judged());
      assertThat(web.count("run")).as("restarted").isEqualTo(2);
    }

    @Test
    void aCrashedServiceWithoutALeaderWaitsBeforeItStarts() {
      World web = leader().start();
      web.election = ElectionState.IN_PROGRESS;
      web.tell(web.judged()).exits("exit status: 0").pass(MINUTE);

      assertThat(web.status().state()).isEqualTo(WAITING_FOR_ELECTION);
      assertThat(web.count("run")).isEqualTo(1);
    }

    private World rated() {
      return new World(RECONFIGURE, SUITABILITY)
          .with(World.settings(true, true, RestartSettings.usual()));
    }

    @Test
    void whatAMemberIsWorthIsWhatItsHookPrintedLast() {
      World web =
          rated()
              .results(
                  SUITABILITY,
                  new HookResult.Exited(0, " 7 "),
                  new HookResult.Exited(0, "18446744073709551615"))
              .start();
      assertThat(web.suitability).as("as soon as it is up").isEqualTo(7);

      web.tell(new ServiceInput.LeaderInDoubt());
      assertThat(web.suitability).as("unsigned").isEqualTo(-1L);
      assertThat(web.lines).contains("web(HK): Reporting suitability of: 7");
    }

    @Test
    void aHookThatFailsOrPrintsSomethingElseIsWorthNothing() {
      World web =
          rated()
              .results(
                  SUITABILITY,
                  new HookResult.Exited(0, "7"),
                  new HookResult.Exited(3, "8"),
                  new HookResult.Exited(0, "9"),
                  new HookResult.Exited(0, "-1"),
                  new HookResult.Exited(0))
              .start();
      web.tell(new ServiceInput.LeaderInDoubt());
      assertThat(web.suitability).isZero();
      web.tell(new ServiceInput.LeaderInDoubt());
      assertThat(web.suitability).isEqualTo(9);
      web.tell(new ServiceInput.LeaderInDoubt());
      assertThat(web.suitability).isZero();
      web.tell(new ServiceInput.LeaderInDoubt());

      assertThat(web.lines)
          .contains(
              "web(HK): suitability exited with status code 3",
              "web(HK): suitability did not print anything to stdout")
          .anyMatch(line -> line.startsWith("web(HK): Parsing suitability failed: "));
    }

    @Test
    void aDoubtWhileTheHookRunsIsAnsweredByAnotherRun() {
      World web = rated();
      web.hanging.add(SUITABILITY);
      web.start().tell(new ServiceInput.LeaderInDoubt()).tell(new ServiceInput.LeaderInDoubt());
      web.hanging.clear();
      web.results(SUITABILITY, new HookResult.Exited(0, "2"));
      web.ends(SUITABILITY, new HookResult.Exited(0, "1"));

      assertThat(web.count("suitability")).isEqualTo(2);
      assertThat(web.suitability).isEqualTo(2);
    }

    @Test
    void aServiceThatIsDownIsWorthNothing() {
      World web = rated().results(SUITABILITY, new HookResult.Exited(0, "7")).start();
      web.stop(StopCause.DESIRED_DOWN).tell(new ServiceInput.LeaderInDoubt());

      assertThat(web.suitability).isZero();
      assertThat(web.count("suitability")).isEqualTo(1);
    }

    @Test
    void withoutALeaderTopologyNobodyAsks() {
      World web = new World(RECONFIGURE, SUITABILITY).start();
      web.tell(new ServiceInput.LeaderInDoubt());
      assertThat(web.happened).doesNotContain("suitability");
    }
  }

  @Nested
  class Reacting {
    private World restarted(World web, TerminationReason reason) {
      assertThat(web.status().lastProcess().orElseThrow().reason()).isEqualTo(reason);
      assertThat(web.status().restartCount()).isZero();
      assertThat(web.status().state()).isEqualTo(UP);
      assertThat(web.count("run")).isEqualTo(2);
      assertThat(web.lines)
          .containsSubsequence(
              "web.default(SR): Stopping service, will restart immediately",
              "web.default(ST): Terminating service (PID: 100)",
              "web.default(ST): Service gracefully terminated (PID: 100)",
              "web.default(HK): Health checking has been stopped",
              "web.default(SR): Restarted",
              "web.default(SR): Initializing");
      return web;
    }

    @Test
    void aChangedInitHookRestarts() {
      restarted(
          new World(INIT, RECONFIGURE).start().rendered(INIT, RUN, RECONFIGURE),
          TerminationReason.INIT_HOOK_UPDATED);
    }

    @Test
    void aChangedRunHookRestarts() {
      restarted(
          new World(POST_RUN, RECONFIGURE).start().rendered(RUN, POST_RUN),
          TerminationReason.RUN_HOOK_UPDATED);
    }

    @Test
    void aChangedPostRunHookRestarts() {
      restarted(
          new World(POST_RUN, RECONFIGURE).start().rendered(POST_RUN),
          TerminationReason.POST_RUN_HOOK_UPDATED);
    }

    @Test
    void changedConfigurationRestartsAServiceWithoutReconfigure() {
      restarted(new World().start().configured(), TerminationReason.APP_CONFIG_UPDATED);
    }

    @Test
    void changedConfigurationIsTakenOverByReconfigure() {
      World web = new World(RECONFIGURE, HEALTH_CHECK).start().configured();

      assertThat(web.count("reconfigure")).isEqualTo(1);
      assertThat(web.count("run")).isEqualTo(1);
      assertThat(web.happened)
          .as("health is checked again")
          .containsSubsequence("health Ok", "reconfigure", "health-check", "health Ok");

      web.rendered(RECONFIGURE);
      assertThat(web.count("reconfigure")).isEqualTo(2);
    }

    @Test
    void otherHooksAreUsedAtTheirNextRun() {
      World web = new World(HEALTH_CHECK, FILE_UPDATED, POST_STOP).start();
      int before = web.happened.size();
      web.rendered(HEALTH_CHECK, FILE_UPDATED, POST_STOP);

      assertThat(web.happened).hasSize(before);
    }

    @Test
    void aNewPackageRestarts() {
      restarted(
          new World(POST_STOP)
              .start()
              .tell(new ServiceInput.Restart(TerminationReason.PACKAGE_UPDATED)),
          TerminationReason.PACKAGE_UPDATED);
    }

    @Test
    void whatChangesWhileItInitialisesIsNotLost() {
      World web = new World(INIT, RECONFIGURE);
      web.hanging.add(INIT);
      web.start().configured();
      assertThat(web.happened).doesNotContain("reconfigure");
      web.ends(INIT, new Exited(0));
      assertThat(web.happened).containsSubsequence("init", "run", "reconfigure");
    }

    @Test
    void whatChangesWhileReconfigureRunsIsTakenOverByAnotherRun() {
      World web = new World(RECONFIGURE, FILE_UPDATED);
      web.hanging.add(RECONFIGURE);
      web.start().configured().configured().tell(new ServiceInput.FilesUpdated()).configured();
      assertThat(web.count("reconfigure")).isEqualTo(1);

      web.ends(RECONFIGURE, new Exited(1));
      assertThat(web.happened).endsWith("file-updated", "reconfigure");
      assertThat(web.lines).contains("web(HK): reconfigure exited with status code 1");
    }

    @Test
    void aRestartDoesNotWaitForReconfigure() {
      World web = new World(RECONFIGURE);
      web.hanging.add(RECONFIGURE);
      web.start().configured().rendered(RUN);

      assertThat(web.happened).containsSubsequence("reconfigure", "cancel reconfigure", "run");
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void newFilesAreToldToTheirHook() {
      World web = new World(FILE_UPDATED).start().tell(new ServiceInput.FilesUpdated());

      assertThat(web.count("file-updated")).isEqualTo(1);
      assertThat(new World().start().tell(new ServiceInput.FilesUpdated()).happened)
          .doesNotContain("file-updated");
    }

    @Test
    void aRenderingOfAFormerRoundIsLeftAlone() {
      World web = new World().start().configured();
      web.tell(new ServiceInput.Rendered(1, Set.of(RUN), true, true));

      assertThat(web.count("run")).isEqualTo(2);
    }
  }

  @Nested
  class Restarting {
    private static World backingOff(int min, int max) {
      return new World()
          .with(
              World.settings(
                  true,
                  false,
                  new RestartSettings(
                      Duration.ofSeconds(min), Duration.ofSeconds(max), Duration.ofMinutes(5))));
    }

    @Test
    @Check("supervisor-32")
    void anyEndOfTheProcessIsAFailure() {
      World web = new World().start().pass(MINUTE).exits("exit status: 0");

      assertThat(web.status().restartCount()).isEqualTo(1);
      assertThat(web.status().lastProcess().orElseThrow().reason().text())
          .isEqualTo("run_hook_failed");
      assertThat(web.status().lastProcess().orElseThrow().pid()).contains(100);
      assertThat(web.lines)
          .contains(
              "web.default(ST): Terminating service (PID: 100)",
              "web.default(ST): Service already exited (PID: 100)");
      assertThat(web.status().state()).as("at once after a minute").isEqualTo(UP);
    }

    @Test
    void withoutBackOffACrashingServiceIsStartedOnceInASecond() {
      World web = new World().start();
      for (int crash = 0; crash < 5; crash++) {
        web.exits("exit status: 1");
        assertThat(web.status().state()).isEqualTo(BACKING_OFF);
        web.pass(SECOND);
      }
      assertThat(web.count("run")).isEqualTo(6);
      assertThat(web.status().restartCount()).isEqualTo(5);
      assertThat(web.lines).contains("web.default(SR): Stopping service, will restart immediately");
    }

    @Test
    @Check("supervisor-33")
    void delaysLieBetweenTheLimits() {
      World web = backingOff(5, 10).start();
      for (int crash = 0; crash < 50; crash++) {
        web.exits("exit status: 1");
        long waits = web.status().nextRestartNanos().orElseThrow() - web.now;
        assertThat(waits)
            .isBetween(Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(10).toNanos());
        web.pass(Duration.ofNanos(waits));
        assertThat(web.status().state()).isEqualTo(UP);
      }
      assertThat(web.lines)
          .contains("web.default(SR): Stopping service, will restart after 5.00 secs");
      assertThat(web.status().restartCount()).isEqualTo(50);
    }

    @Test
    @Check("supervisor-34")
    void theNextRestartIsKnownWhileItWaits() {
      World web = backingOff(5, 10).start().exits("exit status: 1");
      assertThat(web.status().nextRestartNanos())
          .hasValue(web.now + Duration.ofSeconds(5).toNanos());
      web.pass(Duration.ofSeconds(5));
      assertThat(web.status().nextRestartNanos()).isEmpty();
    }

    @Test
    void aServiceThatRanForTheCoolDownStartsWithTheFirstDelay() {
      World web = backingOff(5, 1000).start();
      for (int crash = 0; crash < 8; crash++) {
        web.exits("exit status: 1").pass(Duration.ofSeconds(1000));
        assertThat(web.status().state()).isEqualTo(UP);
      }
      web.exits("exit status: 1").pass(Duration.ofSeconds(1000)).pass(Duration.ofMinutes(5));
      web.exits("exit status: 1");
      assertThat(web.status().nextRestartNanos())
          .hasValue(web.now + Duration.ofSeconds(5).toNanos());
      assertThat(web.status().restartCount()).as("is kept").isEqualTo(10);
    }

    @Test
    void aRestartThatWasWishedForForgetsFailures() {
      World web = backingOff(5, 10).start().exits("exit status: 1").pass(Duration.ofSeconds(5));
      assertThat(web.status().restartCount()).isEqualTo(1);
      web.configured();

      assertThat(web.status().restartCount()).isZero();
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void whatIsLeftOfACrashedGroupIsEndedBeforeTheNextStart() {
      World web = new World(POST_STOP);
      web.childrenIgnoreSignals = true;
      web.start().pass(MINUTE).exits("signal: 11 (SIGSEGV)");
      assertThat(web.status().state()).isEqualTo(STOPPING);
      assertThat(web.happened).doesNotContain("post-stop");

      web.pass(Duration.ofSeconds(8));
      assertThat(web.happened)
          .containsSubsequence("signal QUIT", "kill", "remove PID", "post-stop", "run");
    }

    @Test
    void aNewPackageIsTriedAtOnceWhileItBacksOff() {
      World web = backingOff(500, 500).start().exits("exit status: 1");
      web.tell(new ServiceInput.Restart(TerminationReason.PACKAGE_UPDATED));

      assertThat(web.status().state()).isEqualTo(UP);
    }
  }

  @Nested
  class CheckingHealth {
    @Test
    void everyResultHasAMeaning() {
      World web = new World(HEALTH_CHECK).results(HEALTH_CHECK, 0, 1, 2, 3, 77);
      assertThat(web.status().health()).isEqualTo(ServiceHealth.UNKNOWN);
      var seen = new ArrayList<ServiceHealth>();
      web.start();
      for (int check = 0; check < 5; check++) {
        seen.add(web.status().health());
        web.pass(Duration.ofNanos(web.machine().nextDeadlineNanos() - web.now));
      }
      assertThat(seen)
          .containsExactly(
              ServiceHealth.OK,
              ServiceHealth.WARNING,
              ServiceHealth.CRITICAL,
              ServiceHealth.UNKNOWN,
              ServiceHealth.UNKNOWN);
      assertThat(web.lines)
          .contains(
              "web(HK): Health check exited with an unknown status code, Invalid health check"
                  + " result: 77");
      assertThat(web.happened).as("a sick service is left running").doesNotContain("signal QUIT");
    }

    @Test
    void aServiceWithoutTheHookIsAsHealthyAsItsProcess() {
      World web = new World(POST_STOP);
      web.hanging.add(POST_STOP);
      web.start();
      assertThat(web.status().health()).isEqualTo(ServiceHealth.OK);
      assertThat(web.machine().nextDeadlineNanos()).as("nothing to do").isEqualTo(Long.MAX_VALUE);
      web.exits("exit status: 1");
      assertThat(web.status().health()).isEqualTo(ServiceHealth.CRITICAL);
    }

    @Test
    void theFirstCheckIsAtOnceTheSecondAtRandomThenTheIntervalCounts() {
      var second = new ArrayList<Long>();
      for (long seed = 0; seed < 50; seed++) {
        World web = new World(HEALTH_CHECK).with(World.settings(), seed).start();
        assertThat(web.count("health-check")).isEqualTo(1);
        long waits = web.machine().nextDeadlineNanos() - web.now;
        second.add(waits);
        web.pass(Duration.ofNanos(waits));
        assertThat(web.machine().nextDeadlineNanos())
            .isEqualTo(web.now + Duration.ofSeconds(30).toNanos());
      }
      assertThat(second).allMatch(waits -> waits > 0 && waits <= Duration.ofSeconds(30).toNanos());
      assertThat(Set.copyOf(second)).hasSizeGreaterThan(40);
    }

    @Test
    void aSickServiceIsLookedAtAgainSoon() {
      ServiceSettings rarely =
          new ServiceSettings(
              "acme/web",
              World.WEB,
              true,
              false,
              Duration.ofHours(1),
              Optional.empty(),
              RestartSettings.usual(),
              HookLimits.usual());
      World web = new World(HEALTH_CHECK).with(rarely).results(HEALTH_CHECK, 2).start();
      assertThat(web.machine().nextDeadlineNanos())
          .isEqualTo(web.now + Duration.ofSeconds(30).toNanos());
    }

    @Test
    void anIntervalOfZeroIsASecond() {
      ServiceSettings zero =
          new ServiceSettings(
              "acme/web",
              World.WEB,
              true,
              false,
              Duration.ZERO,
              Optional.empty(),
              RestartSettings.usual(),
              HookLimits.usual());
      World web = new World(HEALTH_CHECK).with(zero).start().pass(Duration.ofSeconds(10));
      assertThat(web.count("health-check")).isBetween(10, 12);
    }

    @Test
    void aCheckThatHangsDelaysOnlyTheNextCheck() {
      World web = new World(HEALTH_CHECK, RECONFIGURE);
      web.hanging.add(HEALTH_CHECK);
      web.start().pass(Duration.ofHours(1)).configured();
      assertThat(web.count("health-check")).isEqualTo(1);
      assertThat(web.count("reconfigure")).isEqualTo(1);

      web.hanging.clear();
      web.ends(HEALTH_CHECK, new TimedOut());
      assertThat(web.count("health-check")).as("once more, as it was reconfigured").isEqualTo(2);
    }
  }

  @Nested
  class Stopping {
    @Test
    @Check("supervisor-37")
    void postStopRunsWhenTheProcessIsGone() {
      World web = new World(POST_STOP, HEALTH_CHECK).start().stop(DESIRED_DOWN);

      assertThat(web.happened).endsWith("signal QUIT", "remove PID", "post-stop");
      assertThat(web.lines)
          .endsWith(
              "web.default(ST): Terminating service (PID: 100)",
              "web.default(ST): Service gracefully terminated (PID: 100)",
              "web.default(HK): Health checking has been stopped");
      assertThat(web.status().state()).isEqualTo(DOWN);
      assertThat(web.status().health()).isEqualTo(ServiceHealth.UNKNOWN);
      assertThat(web.status().desiredUp()).isFalse();
      assertThat(web.machine().nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @Check("supervisor-38")
    void aProcessThatDoesNotEndIsKilled() {
      World web = new World(POST_STOP);
      web.ignoresSignals = true;
      web.start().stop(DESIRED_DOWN, Duration.ofSeconds(2));
      web.pass(Duration.ofMillis(1999));
      assertThat(web.status().state()).isEqualTo(STOPPING);
      assertThat(web.status().isBusy()).isTrue();
      assertThat(web.happened).doesNotContain("post-stop", "kill");

      web.pass(Duration.ofMillis(1));
      assertThat(web.happened).endsWith("kill", "remove PID", "post-stop");
      assertThat(web.lines).contains("web.default(ST): Service killed (PID: 100)");
    }

    @Test
    void theSpecsTimeoutIsStrongerThanThePackages() {
      ServiceSettings spec =
          new ServiceSettings(
              "acme/web",
              World.WEB,
              true,
              false,
              Duration.ofSeconds(30),
              Optional.of(Duration.ofSeconds(3)),
              RestartSettings.usual(),
              HookLimits.usual());
      World web = new World().with(spec);
      web.ignoresSignals = true;
      web.start().stop(SHUTDOWN).pass(Duration.ofSeconds(3));
      assertThat(web.ended()).contains(EndCause.SHUTDOWN);

      World plain = new World();
      plain.ignoresSignals = true;
      plain.start().stop(SHUTDOWN).pass(Duration.ofMillis(7999));
      assertThat(plain.ended()).isEmpty();
      plain.pass(Duration.ofMillis(1));
      assertThat(plain.ended()).contains(EndCause.SHUTDOWN);
    }

    @Test
    void aSecondStopMayShortenTheFirst() {
      World web = new World();
      web.ignoresSignals = true;
      web.start().stop(DESIRED_DOWN, MINUTE).pass(SECOND).stop(UNLOADED, SECOND);

      assertThat(web.ended()).contains(EndCause.UNLOADED);
    }

    @Test
    void theGroupsChildrenAreWaitedForAndKilled() {
      World web = new World();
      web.childrenIgnoreSignals = true;
      web.start().stop(DESIRED_DOWN);
      assertThat(web.process()).isEmpty();
      assertThat(web.status().state()).isEqualTo(STOPPING);
      web.pass(Duration.ofSeconds(8));
      assertThat(web.happened).endsWith("kill", "remove PID");
    }

    @Test
    void whoForkedAwayIsEndedBeforePostStopAndTheNextRound() {
      World web = new World(POST_STOP);
      web.forksAway = true;
      web.start();
      web.exits("exit status: 0").pass(SECOND);

      assertThat(web.happened)
          .containsSubsequence(
              "run", "remove PID", "signal QUIT to who was left behind", "post-stop", "run");
      assertThat(web.happened).doesNotContain("kill who was left behind");
    }

    @Test
    void whoForkedAwayAndDoesNotEndHasTheSameTimeAndIsKilled() {
      World web = new World();
      web.forksAway = true;
      web.ignoresSignals = true;
      web.start().exits("exit status: 0");
      assertThat(web.status().state()).isEqualTo(STOPPING);

      web.pass(Duration.ofSeconds(7));
      assertThat(web.happened).doesNotContain("kill who was left behind");
      web.pass(SECOND);
      assertThat(web.happened).containsSubsequence("kill who was left behind", "prepare", "run");
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void whatAFailedInitLeftBehindIsEndedThoughThereWasNoProcess() {
      World web = new World(INIT).results(INIT, 1);
      web.forksAway = true;
      web.start();

      assertThat(web.happened)
          .containsSubsequence("init", "signal QUIT to who was left behind")
          .doesNotContain("run");
    }

    @Test
    void aHookThatRunsIsEndedFirst() {
      World web = new World(INIT, POST_STOP);
      web.hanging.add(INIT);
      web.start().stop(UNLOADED);

      assertThat(web.happened).endsWith("init", "cancel init", "post-stop");
      assertThat(web.ended()).contains(EndCause.UNLOADED);
    }

    @Test
    void whatNeverBeganNeedsNoPostStop() {
      World web = new World(POST_STOP);
      web.binds = List.of(new BindJudgement("db", false, "missing"));
      web.start().stop(DESIRED_DOWN);

      assertThat(web.happened).containsExactly("prepare");
      assertThat(web.status().state()).isEqualTo(DOWN);
    }

    @Test
    void aStopWhileItIsPreparedWaitsForThePreparation() {
      World web = new World();
      web.holdsAnswers = true;
      web.start().stop(DESIRED_DOWN).start();
      assertThat(web.happened).containsExactly("prepare", "cancel preparation");
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed());
      assertThat(web.count("prepare")).isEqualTo(2);
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void aStopWhileTheProcessIsBeingStartedEndsThatProcess() {
      World web = new World();
      web.holdsAnswers = true;
      web.start();
      while (web.count("run") == 0) {
        web.answer(0);
      }
      web.stop(DESIRED_DOWN);
      assertThat(web.happened).doesNotContain("signal QUIT");
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed());
      assertThat(web.happened).endsWith("run", "signal QUIT", "remove PID");
      assertThat(web.status().state()).isEqualTo(DOWN);
    }

    @Test
    void aStartWhileItStopsComesAfterwards() {
      World web = new World(POST_STOP);
      web.ignoresSignals = true;
      web.start().stop(UNLOADED).start();
      assertThat(web.count("run")).isEqualTo(1);
      web.ignoresSignals = false;
      web.pass(Duration.ofSeconds(8));

      assertThat(web.happened).containsSubsequence("kill", "post-stop", "prepare", "run");
      assertThat(web.ended()).isEmpty();
      assertThat(web.lines).noneMatch(line -> line.contains("Reattaching"));
    }

    @Test
    void nothingStartsAfterAShutdown() {
      World web = new World();
      web.ignoresSignals = true;
      web.start().stop(SHUTDOWN).start().stop(DESIRED_DOWN).pass(MINUTE).start();

      assertThat(web.ended()).contains(EndCause.SHUTDOWN);
      assertThat(web.status().state()).isEqualTo(ENDED);
      assertThat(web.count("run")).isEqualTo(1);
    }

    @Test
    void aServiceThatIsDownEndsAtOnce() {
      assertThat(new World().stop(UNLOADED).ended()).contains(EndCause.UNLOADED);
      assertThat(new World().stop(DESIRED_DOWN).status().state()).isEqualTo(DOWN);
    }

    @Test
    void aServiceThatBacksOffStopsAtOnce() {
      World web = new World().start().exits("exit status: 1").stop(DESIRED_DOWN);
      assertThat(web.status().state()).isEqualTo(DOWN);
      assertThat(web.status().restartCount()).isZero();
      assertThat(web.status().lastProcess()).isEmpty();
      web.pass(MINUTE);
      assertThat(web.count("run")).isEqualTo(1);
    }

    @Test
    void aFailedPostStopIsToldAndEndsTheStop() {
      World web = new World(POST_STOP).results(POST_STOP, 4).start().stop(DESIRED_DOWN);
      assertThat(web.lines)
          .last()
          .isEqualTo("web(HK): Post stop failed! 'post-stop' exited with status code 4");
      assertThat(web.status().state()).isEqualTo(DOWN);
    }
  }

  @Nested
  class RunningPostRun {
    @Test
    void aFailedPostRunWaitsBeforeItsNextAttempt() {
      World web = new World(POST_RUN).results(POST_RUN, 1, 1, 1).start();
      assertThat(web.count("post-run")).isEqualTo(1);
      web.pass(SECOND);
      assertThat(web.count("post-run")).isEqualTo(2);
      web.pass(SECOND);
      assertThat(web.count("post-run")).isEqualTo(2);
      web.pass(SECOND);
      assertThat(web.count("post-run")).isEqualTo(3);
      web.pass(Duration.ofSeconds(4));
      assertThat(web.count("post-run")).isEqualTo(4);
      web.pass(Duration.ofHours(1));
      assertThat(web.count("post-run")).as("done").isEqualTo(4);
    }

    @Test
    void aPostRunThatNeverSucceedsIsGivenUp() {
      int[] always = new int[100];
      Arrays.fill(always, 1);
      World web = new World(POST_RUN).results(POST_RUN, always).start().pass(Duration.ofDays(1));

      assertThat(web.count("post-run")).isEqualTo(ServiceMachine.POST_RUN_ATTEMPTS_MAX);
      assertThat(web.lines)
          .last()
          .isEqualTo("web.default(HK): Hook given up, post-run, it failed 20 times");
      assertThat(web.status().state()).isEqualTo(UP);
    }
  }

  @Nested
  class Adopting {
    @Test
    void aProcessThatIsFoundIsTakenWithoutInitAndPostRun() {
      World web = new World(INIT, POST_RUN);
      web.findsItsFilesAsTheyShallBe = true;
      web.holdsAnswers = true;
      web.start().finds();
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed());

      assertThat(web.lines).contains("hab-sup(SR): Reattaching to web.default");
      assertThat(web.happened).doesNotContain("init", "run", "post-run");
      assertThat(web.status().process()).isEqualTo(web.process());
    }

    @Test
    void whatChangedWhileNobodyLookedIsAnsweredAfterTheProcessIsTaken() {
      World web = new World(RECONFIGURE);
      web.findsItsFilesAsTheyShallBe = true;
      web.holdsAnswers = true;
      web.start().finds();
      while (!(web.held.getFirst() instanceof ServiceInput.Rendered)) {
        web.answer(0);
      }
      web.held.clear();
      web.holdsAnswers = false;
      web.configured();

      assertThat(web.happened).endsWith("health Ok", "reconfigure", "health Ok");
      assertThat(web.happened).doesNotContain("run");
    }

    @Test
    void aProcessThatDiesWhileItsServiceIsPreparedIsNoticed() {
      World web = new World();
      web.holdsAnswers = true;
      web.start().finds().exits("exit status: 1");
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed()).pass(SECOND);

      assertThat(web.count("run")).isEqualTo(1);
      assertThat(web.status().state()).isEqualTo(UP);
    }

    @Test
    void aProcessOfAServiceThatShallBeDownIsStopped() {
      World web = new World().finds();

      assertThat(web.happened).containsExactly("signal TERM", "remove PID");
      assertThat(web.status().state()).isEqualTo(DOWN);
    }

    @Test
    void whenTheSupervisorIsReplacedHooksEndAndTheProcessLives() {
      World web = new World(POST_RUN, POST_STOP);
      web.hanging.add(POST_RUN);
      web.start().tell(new ServiceInput.Detach());

      assertThat(web.ended()).contains(EndCause.DETACHED);
      assertThat(web.happened)
          .contains("cancel post-run")
          .doesNotContain("post-stop", "signal QUIT");
      assertThat(web.process()).isPresent();
    }

    @Test
    void whatAnInterruptedInitLeftBehindDoesNotOutliveItsSupervisor() {
      World web = new World(INIT, POST_STOP);
      web.hanging.add(INIT);
      web.forksAway = true;
      web.ignoresSignals = true;
      web.start().tell(new ServiceInput.Detach());
      assertThat(web.happened)
          .endsWith("init", "cancel init", "signal QUIT to who was left behind");
      assertThat(web.ended()).isEmpty();

      web.pass(Duration.ofSeconds(8));
      assertThat(web.happened).endsWith("kill who was left behind");
      assertThat(web.ended()).contains(EndCause.DETACHED);
    }

    @Test
    void whatAProcessLeftBehindThatEndsInTheLastMomentDoesNotOutliveItsSupervisor() {
      World web = new World(POST_RUN);
      web.hanging.add(POST_RUN);
      web.forksAway = true;
      web.start().holdsAnswers = true;
      web.tell(new ServiceInput.Detach());
      web.exits("exit status: 1");
      web.holdsAnswers = false;
      web.tell(new ServiceInput.TimePassed());

      assertThat(web.happened).endsWith("cancel post-run", "signal QUIT to who was left behind");
      assertThat(web.ended()).contains(EndCause.DETACHED);
      assertThat(web.machine().nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aStopThatHasBegunIsFinishedBeforeItIsLetGo() {
      World web = new World(POST_STOP);
      web.ignoresSignals = true;
      web.start().configured().tell(new ServiceInput.Detach());
      assertThat(web.ended()).isEmpty();
      web.pass(Duration.ofSeconds(8));
      assertThat(web.happened).endsWith("kill", "remove PID", "post-stop");
      assertThat(web.ended()).contains(EndCause.DETACHED);
    }
  }

  @Nested
  class Changing {
    private static ServiceSettings moved() {
      return new ServiceSettings(
          "acme/web",
          new ServiceGroup("web.blue"),
          true,
          false,
          Duration.ofSeconds(30),
          Optional.empty(),
          RestartSettings.usual(),
          HookLimits.usual());
    }

    @Test
    void aSpecThatMovesTheServiceStopsAndStartsIt() {
      World web = new World().start().tell(new ServiceInput.SettingsChanged(moved(), true));

      assertThat(web.lines)
          .containsSubsequence(
              "web.default(ST): Service gracefully terminated (PID: 100)",
              "web.blue(SR): Initializing");
      assertThat(web.lines).noneMatch(line -> line.contains("Restarted"));
      assertThat(web.status().lastProcess()).isEmpty();
      assertThat(web.count("run")).isEqualTo(2);
    }

    @Test
    void aSpecThatChangesWhileTheServiceStopsIsTakenAfterwards() {
      World web = new World();
      web.ignoresSignals = true;
      web.start().configured().tell(new ServiceInput.SettingsChanged(moved(), true));
      assertThat(web.machine().settings().group()).isEqualTo(World.WEB);
      web.pass(Duration.ofSeconds(8));
      assertThat(web.lines).contains("web.blue(SR): Initializing");
    }

    @Test
    void aSpecThatChangesLittleLeavesTheProcessAlone() {
      World web = new World().start().tell(new ServiceInput.SettingsChanged(moved(), false));
      assertThat(web.count("run")).isEqualTo(1);
      assertThat(web.machine().settings()).isEqualTo(moved());
    }
  }
}

package dev.monarch.supervisor.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.spec.Reconciliation.Action;
import dev.monarch.supervisor.spec.Reconciliation.Restart;
import dev.monarch.supervisor.spec.Reconciliation.Start;
import dev.monarch.supervisor.spec.Reconciliation.Stop;
import dev.monarch.supervisor.spec.Reconciliation.Swap;
import dev.monarch.supervisor.spec.SpecDirectory.Contents;
import dev.monarch.wire.control.DesiredState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each row of the table on top of {@link Reconciliation}. */
class ReconciliationTest {
  private static final ServiceSpec WEB = parse("");

  private static ServiceSpec parse(String more) {
    try {
      return SpecFile.parse("ident = 'acme/web'\n" + more, "web.spec");
    } catch (SpecException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static ServiceSpec down(ServiceSpec spec) {
    return spec.withDesiredState(DesiredState.DOWN);
  }

  private static Contents onDisk(ServiceSpec... specs) {
    var byName = new TreeMap<String, ServiceSpec>();
    for (ServiceSpec spec : specs) {
      byName.put(spec.name(), spec);
    }
    return new Contents(byName, new TreeSet<>(), List.of());
  }

  private static List<Action> actions(Contents onDisk, ServiceSpec... running) {
    return Reconciliation.actions(onDisk, onDisk(running).specs(), Set.of());
  }

  @Test
  void withoutSpecAndServiceNothingHappens() {
    assertThat(actions(onDisk())).isEmpty();
  }

  @Test
  void aSpecThatIsDownStartsNothing() {
    assertThat(actions(onDisk(down(WEB)))).isEmpty();
  }

  @Test
  void aServiceWithoutSpecIsStopped() {
    assertThat(actions(onDisk(), WEB)).containsExactly(new Stop(WEB));
  }

  @Test
  void aServiceWhoseSpecIsDownIsStopped() {
    assertThat(actions(onDisk(down(WEB)), WEB)).containsExactly(new Stop(WEB));
  }

  @Test
  void aSpecThatIsUpStartsItsService() {
    assertThat(actions(onDisk(WEB))).containsExactly(new Start(WEB));
  }

  @Test
  void aServiceThatRunsAsItShouldIsLeftAlone() {
    assertThat(actions(onDisk(WEB), WEB)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group = 'blue'",
        "topology = 'leader'",
        "binds = ['db:pg.default']",
        "binding_mode = 'relaxed'",
        "config_from = '/src'",
        "shutdown_timeout = 5",
        "svc_encrypted_password = 'x'",
        "health_check_interval.secs = 5"
      })
  void aChangeOfHowItRunsRestartsIt(String change) {
    ServiceSpec next = parse(change);

    assertThat(actions(onDisk(next), WEB)).containsExactly(new Restart(WEB, next));
  }

  @Test
  void aChangeOfTheIdentRestartsIt() throws Exception {
    ServiceSpec next = WEB.withIdent(PackageIdent.parse("other/web/1.0.0"));

    assertThat(actions(onDisk(next), WEB)).containsExactly(new Restart(WEB, next));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bldr_url = 'https://other.example'",
        "channel = 'dev'",
        "update_strategy = 'rolling'",
        "update_condition = 'track-channel'",
        "application_environment = 'a.b'"
      })
  void aChangeOfHowUpdatesComeIsTakenOverWhileItRuns(String change) {
    ServiceSpec next = parse(change);

    assertThat(actions(onDisk(next), WEB)).containsExactly(new Swap(WEB, next));
  }

  @Test
  void aServiceWhoseSpecCannotBeReadIsLeftAlone() {
    var contents =
        new Contents(new TreeMap<>(), new TreeSet<>(Set.of("web")), List.of("web.spec: broken"));

    assertThat(actions(contents, WEB)).isEmpty();
  }

  @Test
  void aServiceThatIsStoppingIsLeftAlone() {
    Map<String, ServiceSpec> running = Map.of("web", WEB);

    assertThat(Reconciliation.actions(onDisk(), running, Set.of("web"))).isEmpty();
    assertThat(Reconciliation.actions(onDisk(parse("group = 'b'")), running, Set.of("web")))
        .isEmpty();
    assertThat(Reconciliation.actions(onDisk(WEB), Map.of(), Set.of("web"))).isEmpty();
  }

  @Test
  void actionsComeInTheOrderOfNames() throws Exception {
    ServiceSpec db = ServiceSpec.of(PackageIdent.parse("acme/db"));
    ServiceSpec zoo = ServiceSpec.of(PackageIdent.parse("acme/zoo"));

    assertThat(actions(onDisk(zoo, db), WEB))
        .containsExactly(new Start(db), new Stop(WEB), new Start(zoo));
  }
}

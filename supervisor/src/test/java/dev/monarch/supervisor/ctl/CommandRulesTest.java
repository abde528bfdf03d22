package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.ctl.CommandRules.Ruling;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcUnload;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ProcessState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** supervisor.md 3.6, control.md 7.2 to 7.5. */
class CommandRulesTest {
  private static final Ident WEB = new Ident("acme", "web");
  private static final ServiceSpec FRESH = ServiceSpec.of(ident("acme/web"));

  /** Nothing in it is as usual. */
  private static final SpecChange ALL =
      new SpecChange(
          Optional.of(List.of(bind("db"))),
          Optional.of(BindingMode.RELAXED),
          Optional.of("http://builder/"),
          Optional.of("dev"),
          Optional.of("blue"),
          Optional.of("box"),
          Optional.of(Topology.LEADER),
          Optional.of(UpdateStrategy.ROLLING),
          Optional.of(UpdateCondition.TRACK_CHANNEL),
          OptionalLong.of(7),
          OptionalLong.of(3));

  private static final ServiceSpec UNUSUAL =
      FRESH.with(ALL).withConfigFrom(Path.of("/src/web")).withDesiredState(DesiredState.DOWN);

  @TempDir Path root;

  private static PackageIdent ident(String text) {
    Ident ident = Ident.parse(text).orElseThrow();
    return new PackageIdent(ident.origin(), ident.name(), ident.version(), ident.release());
  }

  private static ServiceBind bind(String name) {
    return new ServiceBind(name, new ServiceGroup("a.b"));
  }

  private static SvcLoad load(String ident, SpecChange change, boolean force) {
    return new SvcLoad(Ident.parse(ident).orElseThrow(), change, Optional.empty(), force);
  }

  private static ServiceSpec written(Ruling ruling) {
    assertThat(ruling).isInstanceOf(Ruling.Write.class);
    return ((Ruling.Write) ruling).spec();
  }

  private static Ruling refusal(ErrorCode code, String text) {
    return new Ruling.Refuse(new NetErr(code, text));
  }

  @Test
  void aNewServiceIsAsUsualWhereNothingIsSaid() {
    assertThat(CommandRules.load(load("acme/web", SpecChange.NONE, false), Optional.empty()))
        .isEqualTo(
            new Ruling.Write(
                FRESH, ConsoleLine.of("The acme/web service was successfully loaded")));
  }

  @Test
  void aNewServiceIsAsItIsSaid() {
    var load = new SvcLoad(WEB, ALL, Optional.of("/src/web"), false);
    assertThat(written(CommandRules.load(load, Optional.empty())))
        .isEqualTo(UNUSUAL.withDesiredState(DesiredState.UP));
  }

  @Test
  void aServiceIsLoadedOnceUnlessForced() {
    for (String ident : List.of("acme/web", "other/web", "acme/web/1.2.3")) {
      assertThat(CommandRules.load(load(ident, ALL, false), Optional.of(FRESH)))
          .isEqualTo(
              refusal(
                  ErrorCode.CONFLICT,
                  "Service already loaded. Unload '"
                      + ident
                      + "' and try again, or load with the --force flag to reload and restart the"
                      + " service."));
    }
  }

  @Test
  @Check("control-20")
  void aForcedLoadKeepsAllButIdentAndChannel() {
    Ruling ruling =
        CommandRules.load(load("other/web/2", SpecChange.NONE, true), Optional.of(UNUSUAL));
    assertThat(written(ruling))
        .isEqualTo(
            UNUSUAL.withIdent(ident("other/web/2")).with(SpecChange.NONE.withChannel("base")));
  }

  @Test
  void aStoppedServiceThatIsLoadedAgainStaysStopped() {
    Ruling ruling = CommandRules.load(load("acme/web", ALL, true), Optional.of(UNUSUAL));
    assertThat(written(ruling).desiredState()).isEqualTo(DesiredState.DOWN);
  }

  @Test
  void aNameThatFitsNoServiceGroupIsRefused() {
    assertThat(CommandRules.load(load("acme/we.b", SpecChange.NONE, false), Optional.empty()))
        .isInstanceOfSatisfying(
            Ruling.Refuse.class,
            refused -> assertThat(refused.reply().code()).isEqualTo(ErrorCode.BAD_PAYLOAD));
  }

  @Test
  void anUpdateChangesWhatItNames() {
    assertThat(CommandRules.update(new SvcUpdate(WEB, SpecChange.NONE), Optional.of(UNUSUAL)))
        .isEqualTo(new Ruling.Write(UNUSUAL, ConsoleLine.of("Updating acme/web")));
    ServiceSpec renamed =
        written(
            CommandRules.update(
                new SvcUpdate(WEB, SpecChange.NONE.withChannel("unstable")), Optional.of(UNUSUAL)));
    assertThat(renamed).isEqualTo(UNUSUAL.with(SpecChange.NONE.withChannel("unstable")));
    assertThat(renamed.channel()).isEqualTo("unstable");
  }

  @Test
  void whatCannotBeIsRefusedAndNotWritten() {
    var change =
        new SpecChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.of(-1),
            OptionalLong.empty());
    assertThat(CommandRules.update(new SvcUpdate(WEB, change), Optional.of(FRESH)))
        .isInstanceOf(Ruling.Refuse.class);
    assertThat(CommandRules.load(load("acme/web", change, false), Optional.empty()))
        .isInstanceOf(Ruling.Refuse.class);
  }

  @Test
  void anUnloadedServiceIsDeleted() {
    assertThat(CommandRules.unload(new SvcUnload(WEB, OptionalLong.of(1)), Optional.of(UNUSUAL)))
        .isEqualTo(new Ruling.Delete(UNUSUAL, ConsoleLine.of("Unloading acme/web")));
  }

  @Test
  void aServiceIsStartedAndStoppedOnce() {
    var start = new SvcStart(WEB);
    var stop = new SvcStop(WEB, OptionalLong.empty());
    ServiceSpec down = FRESH.withDesiredState(DesiredState.DOWN);
    assertThat(CommandRules.stop(stop, Optional.of(FRESH)))
        .isEqualTo(
            new Ruling.Write(
                down,
                ConsoleLine.of(
                    "Supervisor stopping acme/web. See the Supervisor output for more details.")));
    assertThat(CommandRules.stop(stop, Optional.of(down))).isEqualTo(new Ruling.LeaveAsItIs());
    assertThat(CommandRules.start(start, Optional.of(down)))
        .isEqualTo(
            new Ruling.Write(
                FRESH,
                ConsoleLine.of(
                    "Supervisor starting acme/web. See the Supervisor output for more details.")));
    assertThat(CommandRules.start(start, Optional.of(FRESH))).isEqualTo(new Ruling.LeaveAsItIs());
  }

  @Test
  void whatIsNotLoadedIsRefusedInTwoWays() {
    Ruling internal = refusal(ErrorCode.INTERNAL, "Service acme/web not loaded");
    Ruling notFound = refusal(ErrorCode.NOT_FOUND, "Service not loaded, acme/web");
    assertThat(CommandRules.update(new SvcUpdate(WEB, ALL), Optional.empty())).isEqualTo(internal);
    assertThat(CommandRules.unload(new SvcUnload(WEB, OptionalLong.empty()), Optional.empty()))
        .isEqualTo(internal);
    assertThat(CommandRules.start(new SvcStart(WEB), Optional.empty())).isEqualTo(notFound);
    assertThat(CommandRules.stop(new SvcStop(WEB, OptionalLong.empty()), Optional.empty()))
        .isEqualTo(notFound);
  }

  private InstalledPackage installed(PackageFixture fixture, String ident) throws Exception {
    fixture.write();
    return PackageStore.below(root).find(ident(ident)).orElseThrow();
  }

  private static ServiceSpec bound(String... names) {
    List<ServiceBind> binds = new ArrayList<>();
    for (String name : names) {
      binds.add(bind(name));
    }
    return UNUSUAL.with(
        new SpecChange(
            Optional.of(binds),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty()));
  }

  @Test
  void aLibraryIsNoService() throws Exception {
    InstalledPackage library =
        installed(PackageFixture.at(root, "acme/lib/1.0.0/20260101000000"), "acme/lib");
    assertThat(CommandRules.objection(FRESH, library))
        .contains(
            new NetErr(
                ErrorCode.INTERNAL, "Package is not runnable: acme/lib/1.0.0/20260101000000"));
  }

  @Test
  void bindsAreThoseOfThePackage() throws Exception {
    InstalledPackage needy =
        installed(
            PackageFixture.at(root, "acme/needy/1/1")
                .hook("run", "exec sleep 1")
                .binds("db=port", "mq=port")
                .bindsOptional("cache=port"),
            "acme/needy");
    assertThat(CommandRules.objection(bound("db", "mq"), needy)).isEmpty();
    assertThat(CommandRules.objection(bound("mq", "cache", "db"), needy)).isEmpty();
    assertThat(CommandRules.objection(bound(), needy))
        .contains(new NetErr(ErrorCode.INVALID_PAYLOAD, "Missing required bind(s), db, mq"));
    assertThat(CommandRules.objection(bound("db", "zz"), needy))
        .contains(new NetErr(ErrorCode.INVALID_PAYLOAD, "Missing required bind(s), mq"));
    assertThat(CommandRules.objection(bound("db", "mq", "zz", "yy"), needy))
        .contains(new NetErr(ErrorCode.INVALID_PAYLOAD, "Invalid bind(s), zz, yy"));
  }

  private static ServiceStatus running(String ident) {
    Ident found = Ident.parse(ident).orElseThrow();
    return new ServiceStatus(
        found,
        new ServiceProcess(OptionalLong.of(5), OptionalInt.of(42), ProcessState.UP),
        new ServiceGroup(found.name() + ".default"),
        Optional.of(DesiredState.UP));
  }

  private static List<ControlReply> status(String wanted, List<ServiceStatus> services) {
    List<ControlReply> said = new ArrayList<>();
    said.add(
        CommandRules.status(
            new SvcStatus(wanted.isEmpty() ? Optional.empty() : Ident.parse(wanted)),
            services,
            said::add));
    return said;
  }

  @Test
  void allServicesAreShownInTheirOrder() {
    ServiceStatus web = running("acme/web/1.2.3/1");
    ServiceStatus db = running("acme/db/10.1/1");
    assertThat(status("", List.of(web, db))).containsExactly(web, db);
    assertThat(status("", List.of())).containsExactly(new NetOk());
  }

  @Test
  void oneServiceIsShownIfTheWholeIdentFits() {
    List<ServiceStatus> both = List.of(running("acme/db/10.1/1"), running("acme/web/1.2.3/7"));
    for (String fits : List.of("acme/web", "acme/web/1.2.3", "acme/web/1.2.3/7")) {
      assertThat(status(fits, both)).containsExactly(both.getLast());
    }
    for (String none : List.of("other/web", "acme/none", "acme/web/1.2", "acme/web/1.2.3/8")) {
      assertThat(status(none, both))
          .containsExactly(new NetErr(ErrorCode.NOT_FOUND, "Service not loaded, " + none));
    }
  }
}

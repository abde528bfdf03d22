package dev.monarch.supervisor.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.packages.PackageIdent;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecFileTest {
  /** A spec that the original wrote, version 2.1.78. */
  private static String written(String name) throws IOException {
    try (var in = SpecFileTest.class.getResourceAsStream("vectors/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.spec", "web.spec", "web-down.spec"})
  void aSpecOfTheOriginalIsWrittenToTheByte(String name) throws Exception {
    String text = written(name);

    assertThat(SpecFile.text(SpecFile.parse(text, name))).isEqualTo(text);
  }

  @Test
  void aSpecOfTheOriginalIsUnderstood() throws Exception {
    ServiceSpec spec = SpecFile.parse(written("web-down.spec"), "web.spec");

    assertThat(spec.ident()).isEqualTo(PackageIdent.parse("acme/web"));
    assertThat(spec.serviceGroup()).isEqualTo(new ServiceGroup("web.blue"));
    assertThat(spec.channel()).isEqualTo("dev");
    assertThat(spec.updateStrategy()).isEqualTo(UpdateStrategy.AT_ONCE);
    assertThat(spec.binds()).containsExactly(new ServiceBind("db", new ServiceGroup("db.default")));
    assertThat(spec.desiredState()).isEqualTo(DesiredState.DOWN);
    assertThat(spec.shutdownTimeout()).contains(Duration.ofSeconds(5));
    assertThat(spec.healthCheckInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(spec.encryptedPassword()).isEmpty();
  }

  @Test
  void anIdentIsEnough() throws Exception {
    ServiceSpec spec = SpecFile.parse("ident = 'acme/db'", "db.spec");

    assertThat(spec).isEqualTo(ServiceSpec.of(PackageIdent.parse("acme/db")));
    assertThat(SpecFile.text(spec)).isEqualTo(written("db.spec"));
  }

  @Test
  void everyFieldSurvivesWritingAndReading() throws Exception {
    ServiceSpec spec =
        ServiceSpec.of(PackageIdent.parse("acme/web/1.0.0/20260101000000"))
            .with(
                new SpecChange(
                    Optional.of(List.of(new ServiceBind("db", new ServiceGroup("pg.a@org")))),
                    Optional.of(BindingMode.RELAXED),
                    Optional.of("https://builder.example"),
                    Optional.of("stable"),
                    Optional.of("blue"),
                    Optional.of("secret"),
                    Optional.of(Topology.LEADER),
                    Optional.of(UpdateStrategy.ROLLING),
                    Optional.of(UpdateCondition.TRACK_CHANNEL),
                    OptionalLong.of(7),
                    OptionalLong.of(0)))
            .withConfigFrom(Path.of("/src/it's \"mine\""))
            .withDesiredState(DesiredState.DOWN);

    assertThat(SpecFile.parse(SpecFile.text(spec), "web.spec")).isEqualTo(spec);
  }

  @Test
  void whatAnUpdateDoesNotSayStays() throws Exception {
    ServiceSpec spec = SpecFile.parse(written("web.spec"), "web.spec");

    assertThat(spec.with(SpecChange.NONE)).isEqualTo(spec);
  }

  @Test
  void keysNobodyKnowsAreKeptAndTheIntervalStaysBehindThem() throws Exception {
    String text =
        written("db.spec").replace("\n[health", "application_environment = \"a.b\"\n\n[health")
            + "\n[future]\nkey = 1\n";

    String rewritten = SpecFile.text(SpecFile.parse(text, "db.spec"));

    assertThat(rewritten)
        .contains("desired_state = \"up\"\napplication_environment = \"a.b\"\n\n")
        .contains("[future]\nkey = 1\n")
        .endsWith("[health_check_interval]\nsecs = 30\nnanos = 0\n");
  }

  @Test
  void theApplicationAndEnvironmentOfOldBindsAreDropped() throws Exception {
    ServiceSpec spec =
        SpecFile.parse("ident='acme/web'\nbinds=['db:app.env#pg.default@org']", "web.spec");

    assertThat(spec.binds())
        .containsExactly(new ServiceBind("db", new ServiceGroup("pg.default@org")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group = 'a'                                    | expected ident = "origin/name" in web.spec
          ident = 'web'                                  | ident in web.spec
          ident = 'acme/web'; group = 'a.b'              | expected a group name
          ident = 'acme/web'; group = 5                  | for group in web.spec, found 5
          ident = 'acme/web'; topology = 'star'          | expected standalone or leader for topology in web.spec, found "star"
          ident = 'acme/web'; binds = ['pg.default']     | for binds in web.spec, found "pg.default"
          ident = 'acme/web'; binds = 'db:pg.default'    | expected a list of binds for binds
          ident = 'acme/web'; shutdown_timeout = -1      | expected a shutdown timeout of 0 to
          ident = 'acme/web'; shutdown_timeout = 'soon'  | expected a whole number of seconds for shutdown_timeout
          ident = 'acme/web'; health_check_interval = 5  | expected a table with secs and nanos
          ident = 'acme/web'; health_check_interval.secs = -1 | expected a table with secs and nanos
          ident = 'acme/web' and more                    | expected TOML in web.spec, found at line 1
          """)
  void aWrongSpecIsAOneLineComplaintThatNamesTheFile(String text, String complaint) {
    assertThatThrownBy(() -> SpecFile.parse(text.replace("; ", "\n"), "web.spec"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(complaint)
        .hasMessageContaining("web.spec")
        .hasMessageNotContaining("\n");
  }

  @Test
  void choicesAreReadWhateverTheirCase() throws Exception {
    assertThat(SpecFile.parse("ident='acme/web'\ndesired_state='Down'", "web.spec").desiredState())
        .isEqualTo(DesiredState.DOWN);
  }
}

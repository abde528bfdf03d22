package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An original and one of ours on the same tree, at the same time and one after the other. */
class MixedTreeTest {
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(40);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check("supervisor-2")
  void whoeverComesSecondIsKeptOffAndTheFirstIsUnharmed() throws Exception {
    Supervisor ours = stage.ours("ours").up();
    Supervisor original = stage.original("original").on(ours.root()).launch();
    assertThat(original.awaitExit(REFUSED_WITHIN)).as(original.tail()).isNotZero();
    assertThat(original.console()).contains("LOCK");
    assertThat(Files.readString(ours.file("LOCK"))).isEqualTo("" + ours.process().pid());
    assertThat(ours.gateway().answers()).isTrue();
    assertThat(ours.stop()).isZero();

    original.up();
    Path lock = ours.file("LOCK");
    String holder = Files.readString(lock);
    ours.launch();
    assertThat(ours.awaitExit(REFUSED_WITHIN)).as(ours.tail()).isEqualTo(86);
    assertThat(ours.console()).contains("process " + holder);
    assertThat(Files.readString(lock)).isEqualTo(holder);
    original.assertUnharmed();
    assertThat(original.stop()).isZero();
  }
}

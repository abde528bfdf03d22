package dev.monarch.supervisor.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.launcher.LivingProcess;
import dev.monarch.launcher.ProcessTag;
import dev.monarch.launcher.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LeftBehindTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void whereNobodyCanLookNobodyIsGone() throws Exception {
    ProcessTag tag = ProcessTag.random();
    Process process = tag.given(new ProcessBuilder("sleep", "600")::start);
    try {
      new LeftBehind(failing(2, tag::carriers), Signal.TERM, said::add).end();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it is gone").isTrue();
      assertThat(said).hasSize(2);
      assertThat(said.getFirst()).endsWith("looks again until it can: Too many open files");
      assertThat(said.getLast()).startsWith("Terminating what was left in the background: ");
    } finally {
      process.destroyForcibly();
    }
  }

  private static LeftBehind.Carriers failing(int times, LeftBehind.Carriers afterwards) {
    List<Integer> failed = new ArrayList<>();
    return () -> {
      if (failed.size() < times) {
        failed.add(failed.size());
        throw new IOException("Too many open files");
      }
      return afterwards.find();
    };
  }

  @Test
  void whereNobodyIsNothingIsSaid() throws Exception {
    new LeftBehind(List::<LivingProcess>of, Signal.TERM, said::add).end();
    assertThat(said).isEmpty();
  }
}

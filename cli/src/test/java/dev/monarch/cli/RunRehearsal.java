package dev.monarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.supervisor.config.SupervisorOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code hab sup run} with nothing behind it. */
public final class RunRehearsal {
  private RunRehearsal() {}

  /** What a Supervisor would have been given. */
  public static SupervisorOptions given(List<String> words) {
    var err = new ByteArrayOutputStream();
    var errors = new PrintStream(err, true, UTF_8);
    List<SupervisorOptions> given = new ArrayList<>();
    var surroundings =
        new Surroundings(
            Map.of(), new ByteArrayInputStream(new byte[0]), errors, errors, false, false);
    CommandLine hab =
        Hab.commandLine(
            surroundings,
            (options, around) -> {
              given.add(options);
              return 0;
            });
    List<String> line = new ArrayList<>(List.of("sup", "run"));
    line.addAll(words);
    int exit = Hab.run(hab, line.toArray(String[]::new));
    if (exit != 0 || given.size() != 1) {
      throw new AssertionError("exit " + exit + ": " + err.toString(UTF_8));
    }
    return given.getFirst();
  }
}

package dev.monarch.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The completion scripts in the shells they are for: on a terminal, with the tabulator key. */
class CompletionTest {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);

  /** How each is started without its user's habits, and learns a script. */
  enum Shell {
    BASH("bash", "--norc --noprofile -i", "hab() { echo \"[$*]\"; }", "source SCRIPT"),
    ZSH(
        "zsh",
        "-f -i",
        "hab() { echo \"[$*]\" }",
        "autoload -U compinit && compinit -u -D && source SCRIPT"),
    FISH("fish", "--no-config -i", "function hab; echo \"[$argv]\"; end", "source SCRIPT");

    private final String program;
    private final String options;
    private final String echo;
    private final String learn;

    Shell(String program, String options, String echo, String learn) {
      this.program = program;
      this.options = options;
      this.echo = echo;
      this.learn = learn;
    }
  }

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest
  @EnumSource
  void commandsOptionsAndValuesAreCompleted(Shell shell) throws Exception {
    Machine.needsProgram(shell.program, shell.program);
    List<String> words = new ArrayList<>(Surroundings.hab());
    words.addAll(List.of("completion", shell.program));
    Path script = stage.directory().resolve("hab." + shell.program);
    Files.writeString(script, new Command(words, Map.of()).must());
    List<String> start = new ArrayList<>(List.of(shell.program));
    start.addAll(Arrays.asList(shell.options.split(" ")));
    Pty terminal =
        stage.closing(
            new Pty(
                stage.directory(), 30, 200, start, Map.of("HOME", stage.directory().toString())));

    terminal.type(shell.echo + "\n");
    terminal.type(shell.learn.replace("SCRIPT", script.toString()) + "\n");
    terminal.type("hab learnt\n");
    terminal.awaitPrinted(ANSWERS_WITHIN, "[learnt]");
    for (List<String> typedAndMeant :
        List.of(
            List.of("hab ri\td\t", "[ring demo]"),
            List.of("hab ring k\tg\t", "[ring key generate]"),
            List.of("hab ring members --js\t", "[ring members --json]"),
            List.of("hab sup run --permanent\t", "[sup run --permanent-peer]"),
            List.of("hab sup run --permanent-peer --no-c\t", "--permanent-peer --no-color]"),
            List.of("hab conf\ta\t", "[config apply]"),
            List.of("hab config apply --us\t", "[config apply --user]"),
            List.of("hab fil\tu\t", "[file upload]"),
            List.of("hab sup de\t", "[sup depart]"),
            List.of("hab cl\ts\t", "[cli setup]"),
            List.of("hab comp\tf\t", "[completion fish]"))) {
      terminal.type(typedAndMeant.getFirst() + "\n");
      terminal.awaitPrinted(ANSWERS_WITHIN, typedAndMeant.getLast());
    }
  }
}

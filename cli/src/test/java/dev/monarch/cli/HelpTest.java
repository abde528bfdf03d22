package dev.monarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private record Named(List<String> words, CommandSpec spec) {
    @Override
    public String toString() {
      return "hab " + String.join(" ", words);
    }
  }

  private static List<Named> commands() {
    List<Named> commands = new ArrayList<>();
    collect(new Typed().tree(), List.of(), commands);
    return commands;
  }

  private static void collect(CommandLine command, List<String> words, List<Named> into) {
    into.add(new Named(words, command.getCommandSpec()));
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              if (!name.equals("help")) {
                List<String> longer = new ArrayList<>(words);
                longer.add(name);
                collect(below, longer, into);
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> everyCommandHasAHelpThatNamesItsOptionsAndCommands() {
    return commands().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.toString(),
                    () -> {
                      List<String> words = new ArrayList<>(command.words());
                      words.add("--help");
                      Typed.Result byOption = new Typed().hab(words);
                      words = new ArrayList<>(command.words());
                      words.addFirst("help");
                      Typed.Result byCommand = new Typed().hab(words);

                      assertThat(byOption.exit()).isZero();
                      assertThat(byOption.out()).isEqualTo(byCommand.out());
                      assertThat(byOption.out()).contains("Usage: " + command);
                      assertThat(command.spec().usageMessage().header()).isNotEmpty();
                      for (OptionSpec option : command.spec().options()) {
                        if (!option.hidden()) {
                          assertThat(byOption.out()).contains(option.names());
                          assertThat(String.join("", option.description())).isNotBlank();
                        }
                      }
                      assertThat(command.spec().subcommands().keySet())
                          .allSatisfy(name -> assertThat(byOption.out()).contains(name));
                    }));
  }

  @Test
  void theCommandsOfThisVersionAreAllThere() {
    assertThat(commands())
        .extracting(Named::toString)
        .containsExactlyInAnyOrder(
            "hab ",
            "hab cli",
            "hab cli setup",
            "hab completion",
            "hab config",
            "hab config apply",
            "hab config show",
            "hab file",
            "hab file upload",
            "hab origin",
            "hab origin key",
            "hab origin key export",
            "hab origin key generate",
            "hab origin key import",
            "hab pkg",
            "hab pkg binds",
            "hab pkg config",
            "hab pkg dependencies",
            "hab pkg env",
            "hab pkg exec",
            "hab pkg list",
            "hab pkg path",
            "hab ring",
            "hab ring demo",
            "hab ring key",
            "hab ring key export",
            "hab ring key generate",
            "hab ring key import",
            "hab ring members",
            "hab ring watch",
            "hab sup",
            "hab sup depart",
            "hab sup restart",
            "hab sup run",
            "hab sup secret",
            "hab sup secret generate",
            "hab sup secret generate-tls",
            "hab sup status",
            "hab sup term",
            "hab svc",
            "hab svc key",
            "hab svc key generate",
            "hab svc leader",
            "hab svc load",
            "hab svc start",
            "hab svc status",
            "hab svc stop",
            "hab svc unload",
            "hab svc update",
            "hab user",
            "hab user key",
            "hab user key generate");
  }

  @Test
  void aHiddenOptionIsNotShown() {
    assertThat(new Typed().hab("sup", "run", "--help").out()).doesNotContain("--ring-key");
  }

  @Test
  void helpIsColouredOnATerminalOnly() {
    assertThat(new Typed().hab("--help").out()).doesNotContain("\u001b");
    assertThat(new Typed().onTerminal().hab("--help").out()).contains("\u001b[");
    assertThat(new Typed().onTerminal().with("NO_COLOR", "").hab("--help").out())
        .doesNotContain("\u001b");
    assertThat(new Typed().onTerminal().with("TERM", "dumb").hab("--help").out())
        .doesNotContain("\u001b");
  }

  @TestFactory
  Stream<DynamicTest> completionScriptsNameEveryCommandAndOption() {
    return Stream.of("bash", "zsh", "fish")
        .map(
            shell ->
                DynamicTest.dynamicTest(
                    shell,
                    () -> {
                      Typed.Result script = new Typed().hab("completion", shell);
                      assertThat(script.exit()).isZero();
                      for (Named command : commands()) {
                        command.words().forEach(word -> assertThat(script.out()).contains(word));
                        for (OptionSpec option : command.spec().options()) {
                          if (!option.hidden()) {
                            assertThat(script.out())
                                .contains(option.longestName().replaceFirst("^--?", ""));
                          }
                        }
                      }
                    }));
  }
}

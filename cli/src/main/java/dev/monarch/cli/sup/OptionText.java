package dev.monarch.cli.sup;

import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOption.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a help text says about an option of the supervisor room's table, and what may be chosen.
 * {@code sup run} has all of them, commands for services some.
 */
public final class OptionText {
  private static final Map<SupervisorOption, List<String>> CHOICES =
      Map.of(
          SupervisorOption.TOPOLOGY, List.of("leader", "standalone"),
          SupervisorOption.STRATEGY, List.of("none", "at-once", "rolling"),
          SupervisorOption.UPDATE_CONDITION, List.of("latest", "track-channel"),
          SupervisorOption.BINDING_MODE, List.of("strict", "relaxed"));

  private OptionText() {}

  /** The only values that make sense; empty if the option takes any. */
  public static List<String> choices(SupervisorOption option) {
    return CHOICES.getOrDefault(option, List.of());
  }

  /** The lines of a help text, with all that is known about the option. */
  public static String[] describe(SupervisorOption option) {
    List<String> notes = new ArrayList<>();
    option.environmentVariable().ifPresent(name -> notes.add("[env: " + name + "]"));
    option.standard().ifPresent(value -> notes.add("[default: " + value + "]"));
    return describe(option, notes);
  }

  /**
   * The lines of a help text.
   *
   * @param notes in brackets, such as {@code [default: base]}
   */
  public static String[] describe(SupervisorOption option, List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    if (!choices(option).isEmpty()) {
      all.add("[possible values: " + String.join(", ", choices(option)) + "]");
    }
    if (option.form() == Form.LIST) {
      all.add("[several: separated by blanks, or the option repeated]");
    }
    List<String> lines = new ArrayList<>(option.help().lines().toList());
    if (!all.isEmpty()) {
      lines.add(String.join(" ", all));
    }
    // A percent sign would be taken for a format.
    return lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new);
  }
}

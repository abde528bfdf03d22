package dev.monarch.supervisor.template;

import dev.monarch.supervisor.layers.TomlText;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All helpers by their names, which are case-sensitive, and those of them that need nothing but
 * their parameters (supervisor.md 7.4, 7.5). {@link Blocks} has the others.
 */
final class Helpers {
  private static final System.Logger LOGGER = System.getLogger(Helpers.class.getName());

  /** No value is worth a longer line in a log. */
  private static final int LOGGED_MAX = 1000;

  private static final Map<String, Helper.Function> FUNCTIONS =
      Map.of("lookup", Helpers::lookup, "len", Helpers::length);

  private static final Map<String, Helper.Condition> CONDITIONS =
      Map.of(
          "eq", call -> Values.equal(call.value(0), call.value(1)),
          "ne", call -> !Values.equal(call.value(0), call.value(1)),
          "gt", call -> compares(call, order -> order > 0),
          "gte", call -> compares(call, order -> order >= 0),
          "lt", call -> compares(call, order -> order < 0),
          "lte", call -> compares(call, order -> order <= 0),
          "not", call -> !Values.isTrue(call.value(0), false),
          "and", call -> call.arguments().stream().allMatch(Helpers::isTrue),
          "or", call -> call.arguments().stream().anyMatch(Helpers::isTrue));

  private static final Map<String, Helper.Writer> WRITERS =
      Map.of(
          "toUppercase", (call, output) -> output.write(call.text(0).toUpperCase(Locale.ROOT)),
          "toLowercase", (call, output) -> output.write(call.text(0).toLowerCase(Locale.ROOT)),
          "strReplace", Helpers::replace,
          "strJoin", Helpers::join,
          "strConcat", Helpers::concat,
          "toJson", (call, output) -> JsonText.pretty(call.value(0), output),
          "toYaml", (call, output) -> YamlText.write(call.value(0), output),
          "toToml", Helpers::toToml,
          "log", (call, output) -> log(call));

  static final Map<String, Helper> BY_NAME = byName();

  private Helpers() {}

  private static Map<String, Helper> byName() {
    Map<String, Helper> all = new HashMap<>();
    all.putAll(FUNCTIONS);
    all.putAll(CONDITIONS);
    all.putAll(WRITERS);
    all.putAll(Blocks.BY_NAME);
    return Map.copyOf(all);
  }

  private static @Nullable Object lookup(Invocation call) throws RenderFault {
    Object collection = call.value(0);
    Object key = call.value(1);
    if (collection instanceof List<?> list && key instanceof Long index) {
      return index >= 0 && index < list.size() ? list.get(index.intValue()) : null;
    }
    return collection instanceof Map<?, ?> map && key instanceof String name ? map.get(name) : null;
  }

  private static Long length(Invocation call) throws RenderFault {
    int length =
        switch (call.value(0)) {
          case Collection<?> list -> list.size();
          case Map<?, ?> map -> map.size();
          case null -> 0;
          case Object other ->
              Values.text(other).orElse("").getBytes(StandardCharsets.UTF_8).length;
        };
    return (long) length;
  }

  private static boolean compares(Invocation call, IntPredicate wanted) throws RenderFault {
    OptionalInt order = Values.compare(call.value(0), call.value(1));
    return order.isPresent() && wanted.test(order.getAsInt());
  }

  private static boolean isTrue(Invocation.Argument argument) {
    return Values.isTrue(argument.value(), false);
  }

  /** An empty text is found before each character and at the end. */
  private static void replace(Invocation call, Output output) throws RenderFault {
    String text = call.text(0);
    String old = call.text(1);
    String replacement = call.text(2);
    int done = 0;
    int found = text.indexOf(old);
    while (found >= 0) {
      output.write(text.substring(done, found));
      output.write(replacement);
      done = found + old.length();
      int next = done;
      if (old.isEmpty()) {
        next = found == text.length() ? text.length() + 1 : text.offsetByCodePoints(found, 1);
      }
      found = next > text.length() ? -1 : text.indexOf(old, next);
    }
    output.write(text.substring(done));
  }

  private static void join(Invocation call, Output output) throws RenderFault {
    List<?> list = call.list(0);
    String separator = call.text(1);
    boolean first = true;
    for (Object element : list) {
      if (!(element instanceof Map)) {
        output.write(first ? "" : separator);
        output.write(bare(element));
        first = false;
      }
    }
  }

  private static void concat(Invocation call, Output output) throws RenderFault {
    for (Invocation.Argument argument : call.arguments()) {
      if (!(argument.value() instanceof Map)) {
        output.write(bare(argument.value()));
      }
    }
  }

  /** JSON without any quotation mark, the escaped ones included (supervisor.md 7.5). */
  private static String bare(@Nullable Object value) throws RenderFault {
    var json = new Output(new Budget());
    JsonText.compact(value, json);
    return json.toString().replace("\"", "");
  }

  @SuppressWarnings("unchecked")
  private static void toToml(Invocation call, Output output) throws RenderFault {
    Object value = call.value(0);
    try {
      if (value instanceof Map<?, ?> map) {
        output.write(TomlText.write((Map<String, Object>) map));
      } else if (value != null) {
        output.write(TomlText.writeValue(value));
      } else {
        throw new IllegalArgumentException("TOML has no null");
      }
    } catch (IllegalArgumentException notToml) {
      throw new RenderFault(
          "Can't serialize parameter to TOML: " + notToml.getMessage() + ": " + call.argument(0));
    }
  }

  /** As in the original, what is not an error is shown only to those who ask for details. */
  private static void log(Invocation call) throws RenderFault {
    Object wanted = call.hash().getOrDefault("level", "info");
    Level level =
        switch (wanted instanceof String name ? name.toLowerCase(Locale.ROOT) : "info") {
          case "error" -> Level.ERROR;
          case "warn", "info", "debug" -> Level.DEBUG;
          case "trace" -> Level.TRACE;
          default -> throw new RenderFault("Invalid logging level: " + wanted);
        };
    String line =
        call.arguments().stream()
            .map(argument -> argument.written() + ": " + Values.printed(argument.value()))
            .collect(Collectors.joining(", "))
            .replaceAll("\\p{Cntrl}", " ");
    LOGGER.log(level, line.substring(0, Math.min(line.length(), LOGGED_MAX)));
  }
}

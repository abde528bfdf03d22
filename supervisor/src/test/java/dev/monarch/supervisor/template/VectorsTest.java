package dev.monarch.supervisor.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.http.JsonTree;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Templates rendered by the original, version 2.1.78, with {@code default.toml} as {@code cfg}:
 * what it printed, and where and why it refused.
 */
class VectorsTest {
  /** What the original says of any template that is not well formed. */
  private static final Pattern SYNTAX =
      Pattern.compile("line_no: Some\\((\\d+)\\), column_no: Some\\((\\d+)\\)");

  private static final Pattern RENDERING =
      Pattern.compile("Error rendering \"[^\"]*\" line (\\d+), col (\\d+): (.*)");

  /** On purpose a date is its text here (supervisor.md 7.3), and not the inside of a parser. */
  private static final Map<String, String> DATES =
      Map.of(
          "date", "2026-01-02T03:04:05Z|2026-01-02",
          "to-json-dates", "\"2026-01-02T03:04:05Z\"",
          "to-toml-date", "2026-01-02T03:04:05Z");

  /** One template, and what became of it. */
  record Case(String name, String template, Optional<String> output, String console) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> printed() {
    return cases("cases.jsonl");
  }

  static List<Case> refusedByGrammar() {
    return refused().filter(one -> SYNTAX.matcher(one.console).find()).toList();
  }

  static List<Case> refusedInRendering() {
    return refused().filter(one -> RENDERING.matcher(one.console).find()).toList();
  }

  private static Stream<Case> refused() {
    return cases("errors.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("printed")
  @Check({"supervisor-58", "supervisor-59", "supervisor-62"})
  void printsWhatTheOriginalPrinted(Case one) throws TemplateException {
    String expected = DATES.getOrDefault(one.name, one.output.orElseThrow());

    assertThat(render(one)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("refusedByGrammar")
  void refusesAtThePlaceWhereTheOriginalRefused(Case one) {
    Matcher place = SYNTAX.matcher(one.console);
    assertThat(place.find()).isTrue();

    var refusal = assertThrows(TemplateException.class, () -> compile(one));

    assertThat(refusal.getMessage()).startsWith("Error in template \"" + one.name + ".txt\" line ");
    assertThat(refusal.line()).isEqualTo(Integer.parseInt(place.group(1)));
    assertThat(refusal.column()).isEqualTo(Integer.parseInt(place.group(2)));
    assertThat(refusal.reason()).startsWith("expected ").contains(", found ");
  }

  @ParameterizedTest
  @MethodSource("refusedInRendering")
  @Check("supervisor-58")
  void failsToRenderWithTheOriginalsWords(Case one) {
    Matcher words = RENDERING.matcher(one.console);
    assertThat(words.find()).isTrue();

    var failure = assertThrows(TemplateException.class, () -> render(one));

    assertThat(failure.template()).isEqualTo(one.name + ".txt");
    assertThat(failure.line()).isEqualTo(Integer.parseInt(words.group(1)));
    assertThat(failure.column()).isEqualTo(Integer.parseInt(words.group(2)));
    assertThat(failure.getMessage())
        .isEqualTo(
            "Error rendering \"%s\" line %d, col %d: %s"
                .formatted(failure.template(), failure.line(), failure.column(), failure.reason()));
    assertThat(failure.reason()).startsWith(comparable(words.group(3)));
  }

  /**
   * Where the original forgot to put its helper's name in, or names a parameter that its author
   * cannot know, only the beginning compares.
   */
  private static String comparable(String reason) {
    if (reason.contains("$helper_fn_name") || reason.contains("param with name")) {
      return "Helper/Decorator ";
    }
    return reason.replace("unsupported unit type", "");
  }

  private static Templates compile(Case one) throws TemplateException {
    return Templates.compile(Map.of(one.name + ".txt", one.template), Path.of("/"));
  }

  private static String render(Case one) throws TemplateException {
    return compile(one).render(one.name + ".txt", Map.of("cfg", configuration()));
  }

  private static Map<String, Object> configuration() {
    try {
      return TomlTree.parse(resource("default.toml"), "default.toml");
    } catch (TreeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Case> cases(String file) {
    return resource(file).lines().map(JsonTree::object).map(VectorsTest::readCase).toList();
  }

  private static Case readCase(Map<String, Object> line) {
    Object console = line.getOrDefault("console", List.of(""));
    return new Case(
        (String) Objects.requireNonNull(line.get("name")),
        (String) Objects.requireNonNull(line.get("template")),
        Optional.ofNullable((String) line.get("output")),
        (String) ((List<?>) console).getFirst());
  }

  private static String resource(String name) {
    try (InputStream in = VectorsTest.class.getResourceAsStream("vectors/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

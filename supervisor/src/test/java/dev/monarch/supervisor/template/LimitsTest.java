package dev.monarch.supervisor.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No template exhausts memory, stack or time, whoever wrote it. */
class LimitsTest {
  private static final Map<String, Object> CONTEXT =
      Map.of(
          "l", Collections.nCopies(1000, "x"),
          "text", "a".repeat(1_000_000),
          "m", Map.of("k", Map.of("v", 1L)));

  @Test
  void blocksAreNestedOnlySoDeep() {
    refuses("{{#if l}}".repeat(100_000), "nested deeper than 100");
    refuses("{{#if l}}".repeat(101) + "{{/if}}".repeat(101), "nested deeper than 100");
  }

  @Test
  void bracketsAreNestedOnlySoDeep() {
    refuses("{{eq " + "(eq ".repeat(100_000), "nested deeper than 100");
    refuses("{{eq " + "[".repeat(100_000), "nested deeper than 100");
    refuses("{{eq " + "{\"a\":".repeat(100_000), "nested deeper than 100");
  }

  @Test
  void aPartialThatIncludesItselfIsFound() {
    refuses("{{> t}}", "Can not include current template in partial: t");
    refuses("{{#if l}}{{> t}}{{/if}}", "look for a partial that includes itself");
    refuses("{{#*inline \"p\"}}{{#if l}}{{> p}}{{/if}}{{/inline}}{{> p}}", "includes itself");
    refuses("{{#> t}}x{{/t}}", "Can not include current template");
    refuses("{{#if l}}{{#> t}}x{{/t}}{{/if}}", "nested deeper than 200");
  }

  @Test
  void aPartialMayIncludeItselfAsOftenAsTheDataSay() throws Exception {
    String text = "{{name}}{{#each children}}({{> t}}){{/each}}";
    Map<String, Object> leaf = Map.of("name", "leaf", "children", List.of());
    Map<String, Object> tree = Map.of("name", "top", "children", List.of(leaf, leaf));

    assertThat(Templates.compile(Map.of("t", text), Path.of("/")).render("t", tree))
        .isEqualTo("top(leaf)(leaf)");
  }

  @Test
  void theOutputEnds() {
    refuses("{{#each l}}{{#each ../l}}{{../../text}}{{/each}}{{/each}}", "characters of output");
    refuses("{{strReplace text \"a\" text}}", "characters of output");
    refuses("{{len (strConcat " + "text ".repeat(20) + ")}}", "characters of output");
    refuses("{{#each l}}{{toJson @root}}{{toYaml ../l}}{{toJson ../text}}{{/each}}", "characters");
  }

  @Test
  void loopsThatPrintNothingEnd() {
    refuses("{{#each l}}{{#each ../l}}{{#each ../../l}}{{/each}}{{/each}}{{/each}}", "steps");
    refuses("{{#each l}}{{#each ../l}}{{#each ../../l}}{{! }}{{/each}}{{/each}}{{/each}}", "steps");
  }

  @Test
  void valuesAreNestedOnlySoDeep() {
    Object value = 1L;
    for (int i = 0; i < 100_000; i++) {
      value = List.of(value);
    }
    Map<String, Object> deep = Map.of("v", value);

    assertThatThrownBy(
            () -> Templates.compile(Map.of("t", "{{v}}"), Path.of("/")).render("t", deep))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("values are nested deeper than 200");
  }

  @Test
  void aLongTemplateInOneLineIsReadInOneGo() throws Exception {
    String text = "{{#if m}}{{m.k.v}}{{/if}}".repeat(20_000);

    assertThat(Templates.compile(Map.of("t", text), Path.of("/")).render("t", CONTEXT))
        .hasSize(20_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void garbageIsPrintedOrRefusedButNothingElse(long seed) {
    var random = new Random(seed);
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String text = garbage(random);
      try {
        Templates templates = Templates.compile(Map.of("t", text, "p", "[{{k}}]\n"), Path.of("/"));
        templates.render("t", CONTEXT);
      } catch (TemplateException refusal) {
        assertThat(refusal.line()).as(text).isPositive();
        assertThat(refusal.column()).as(text).isPositive();
        refusals.add(refusal.reason());
      } catch (RuntimeException | StackOverflowError failure) {
        throw new AssertionError("seed " + seed + ": " + text, failure);
      }
    }
    assertThat(refusals).hasSizeBetween(500, 9_990).doesNotContain("");
  }

  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{{{",
          "}}}",
          "{{{{raw}}}}",
          "{{{{/raw}}}}",
          "{{#if l}}",
          "{{/if}}",
          "{{else}}",
          "{{#each m as |v k|}}",
          "{{/each}}",
          "{{> p}}",
          "{{#> p}}",
          "{{/p}}",
          "{{^}}",
          "{{else if m}}",
          "{{#*inline \"p\"}}",
          "{{/inline}}",
          "{{m.k.v}}",
          "{{toJson m}}",
          "{{toToml m}}",
          "{{!",
          "--",
          "~",
          "#",
          "/",
          "^",
          ">",
          "*",
          "&",
          "(",
          ")",
          "[",
          "]",
          "|",
          "=",
          "\"",
          "'",
          "\\",
          ".",
          "..",
          "@",
          "@root",
          "@index",
          "this",
          "as",
          "else",
          "null",
          "1",
          "-1.5",
          "1E9",
          "{\"a\":",
          ",",
          " ",
          "\n",
          "\r\n",
          "\t",
          "l",
          "m",
          "eq",
          "lookup",
          "strJoin",
          "\u00e4",
          "\ud83d\ude00",
          "\ud83d",
          "\u0000",
          "{{eq (len l) 3}}",
          "{{#with m}}",
          "{{/with}}",
          "{{lookup m \"k\"}}");

  private static String garbage(Random random) {
    var text = new StringBuilder();
    int pieces = 1 + random.nextInt(12);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static void refuses(String text, String reason) {
    assertThatThrownBy(
            () -> Templates.compile(Map.of("t", text), Path.of("/")).render("t", CONTEXT))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(reason)
        .satisfies(fault -> assertThat(fault.toString()).hasSizeLessThan(600));
  }
}

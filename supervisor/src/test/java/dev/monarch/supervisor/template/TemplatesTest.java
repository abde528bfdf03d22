package dev.monarch.supervisor.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.monarch.checks.Check;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private static final Map<String, Object> THREE_MEMBERS =
      Map.of(
          "svc",
          Map.of(
              "members",
              List.of(
                  Map.of("alive", true, "name", "a"),
                  Map.of("alive", false, "name", "b"),
                  Map.of("alive", true, "name", "c"))));

  private static final Map<String, Object> WITH_DEPENDENCIES =
      Map.of(
          "pkg",
          Map.of(
              "deps",
              List.of(
                  dependency("acme", "lib", "1.2.3", "20260101000000"),
                  dependency("acme", "lib", "1.10.0", "20260102000000"))));

  // ---- helpers that look beyond their parameters

  @Test
  @Check("supervisor-61")
  void membersThatAreAliveAreCountedFromOne() throws TemplateException {
    assertThat(render("{{#eachAlive svc.members as |m|}}{{@index}}{{/eachAlive}}", THREE_MEMBERS))
        .isEqualTo("12");
    assertThat(
            render(
                "{{#eachAlive svc.members as |m i|}}{{#if @first}}<{{/if}}{{i}}{{m.name}}{{name}}"
                    + "{{#if @last}}>{{/if}}{{/eachAlive}}",
                THREE_MEMBERS))
        .isEqualTo("<1aa2cc>");
  }

  @Test
  void whoIsNeitherAliveNorDeadIsNotAlive() throws TemplateException {
    Map<String, Object> members =
        Map.of("l", List.of(Map.of("alive", "yes"), Map.of("alive", 1L), Map.of(), "text"));

    assertThat(render("[{{#eachAlive l}}x{{else}}e{{/eachAlive}}]", members)).isEqualTo("[]");
  }

  @Test
  void eachAliveGoesThroughTheFieldsOfOneWhoIsAlive() throws TemplateException {
    Map<String, Object> member = new LinkedHashMap<>();
    member.put("alive", true);
    member.put("ip", "10.0.0.1");

    assertThat(render("{{#eachAlive m as |v k|}}{{k}}={{v}};{{/eachAlive}}", Map.of("m", member)))
        .isEqualTo("alive=true;ip=10.0.0.1;");
  }

  @Test
  @Check("supervisor-60")
  void theFirstDependencyThatSatisfiesTheIdentGivesItsPath() throws TemplateException {
    assertThat(render("{{pkgPathFor \"acme/lib\"}}", WITH_DEPENDENCIES))
        .isEqualTo("/x/hab/pkgs/acme/lib/1.2.3/20260101000000");
    assertThat(render("{{pkgPathFor \"acme/lib/1.10.0\"}}", WITH_DEPENDENCIES))
        .isEqualTo("/x/hab/pkgs/acme/lib/1.10.0/20260102000000");
    assertThat(render("[{{pkgPathFor \"acme/other\"}}]", WITH_DEPENDENCIES)).isEqualTo("[]");
  }

  // ---- templates that include each other

  @Test
  void siblingsAreIncludedByTheirName() throws TemplateException {
    Templates templates =
        compile(Map.of("a.conf", "a {{> sub/b.conf}}", "sub/b.conf", "b {{cfg.x}}"));

    assertThat(templates.render("a.conf", Map.of("cfg", Map.of("x", 5L)))).isEqualTo("a b 5");
  }

  @Test
  void aPartialIsIndentedAsItsTag() throws TemplateException {
    Templates templates =
        compile(Map.of("main", "top\n  {{> part}}\nend\n", "part", "one\n{{x}}\nthree\n"));

    assertThat(templates.render("main", Map.of("x", "two")))
        .isEqualTo("top\n  one\n  two\n  three\nend\n");
  }

  @Test
  void aFaultInAPartialIsReportedThere() throws TemplateException {
    Templates templates =
        compile(Map.of("main", "\n\n{{#if x}}{{> part}}{{/if}}", "part", "one\n  {{noSuch x}}"));

    var fault =
        assertThrows(TemplateException.class, () -> templates.render("main", Map.of("x", true)));

    assertThat(fault).hasMessage("Error rendering \"part\" line 2, col 3: Helper not found noSuch");
  }

  @Test
  void aPartialDoesNotSeeTheBlockParametersButTheIndexOfWhoIncludesIt() throws TemplateException {
    Templates templates = compile(Map.of("main", "{{#each l}}{{> p}}{{/each}}", "p", "{{@index}}"));

    assertThat(templates.render("main", Map.of("l", List.of("a", "b")))).isEqualTo("01");
  }

  @Test
  void theNamesKeepTheirOrder() throws TemplateException {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("z", "");
    texts.put("a", "");

    assertThat(compile(texts).names()).containsExactly("z", "a");
    assertThatThrownBy(() -> compile(texts).render("b", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one of [z, a], found b");
  }

  // ---- values

  @Test
  void datesAreTheirTextAndOnlyTomlKnowsThemAsDates() throws TemplateException {
    Map<String, Object> dates =
        Map.of(
            "at", OffsetDateTime.parse("2026-01-02T03:04:00.5+01:00"),
            "time", LocalTime.of(7, 0));

    assertThat(render("{{at}} {{time}}", dates)).isEqualTo("2026-01-02T03:04:00.5+01:00 07:00:00");
    assertThat(render("{{#if (eq time \"07:00:00\")}}{{len time}}{{/if}}", dates)).isEqualTo("8");
    assertThat(render("{{toToml time}} {{toJson time}}", dates)).isEqualTo("07:00:00 \"07:00:00\"");
    assertThat(render("{{time.$__toml_private_datetime}}", dates)).isEqualTo("07:00:00");
  }

  @Test
  void numbersAreAsShortAsTheyCanBe() throws TemplateException {
    Map<String, Object> numbers =
        Map.of("l", List.of(1e16, 1e15, 1e-5, 1e-6, -0.0, 123456.789, 1e22, Double.NaN));

    assertThat(render("{{l}}", numbers))
        .isEqualTo("[1e+16, 1000000000000000.0, 0.00001, 1e-6, -0.0, 123456.789, 1e+22, ]");
    assertThat(render("{{toYaml l.[0]}}", numbers)).isEqualTo("1e16\n");
  }

  @Test
  void textOutsideOfTheBasicPlaneStaysWhole() throws TemplateException {
    Map<String, Object> text = Map.of("t", "\ud83d\ude00\u00e4");

    assertThat(render("\ud83d\ude00{{t}}\u20ac{{len t}}{{strReplace t \"\" \"-\"}}", text))
        .isEqualTo("\ud83d\ude00\ud83d\ude00\u00e4\u20ac6-\ud83d\ude00-\u00e4-");
    assertThat(
            assertThrows(TemplateException.class, () -> compile(Map.of("t", "\ud83d\ude00{{")))
                .column())
        .isEqualTo(4);
  }

  @Test
  void aListIsNotAskedByName() {
    var fault =
        assertThrows(
            TemplateException.class, () -> render("\n {{cfg.l.x}}", Map.of("cfg", list("l"))));

    assertThat(fault)
        .hasMessage(
            "Error rendering \"t\" line 2, col 2: Cannot access array/vector with string index, x:"
                + " cfg.l.x is [1,2]");
  }

  @Test
  void aContextOfOtherClassesIsTheCallersFault() {
    assertThatThrownBy(() -> render("", Map.of("i", 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Integer");
  }

  @Test
  void halfACharacterIsNoText() {
    assertThatThrownBy(() -> compile(Map.of("t", "{{eq \"\\ud83d\" 1}}")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("invalid parameter");
  }

  // ---- places

  @Test
  void placesAreCountedInCharactersAndLines() {
    var fault =
        assertThrows(
            TemplateException.class,
            () -> render("\u00e4\r\n\ud83d\ude00\ud83d\ude00 {{#if a}}\n{{/if}}{{x y}}", Map.of()));

    assertThat(fault.line()).isEqualTo(3);
    assertThat(fault.column()).isEqualTo(8);
    assertThat(fault.reason()).isEqualTo("Helper not found x");
  }

  @Test
  void aBlockThatNobodyClosesIsNamedWithItsLine() {
    assertThatThrownBy(() -> compile(Map.of("a.conf", "x\n{{#each l}}\n{{#if a}}\n{{/if}}\n")))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "Error in template \"a.conf\" line 5, col 1: expected {{/each}} for the block that"
                + " began in line 2, found the end of the template");
  }

  @Test
  void theTextOfAnOpenedStringIsNotReadAsATag() {
    assertThatThrownBy(() -> compile(Map.of("t", "{{eq \"a b}}")))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "Error in template \"t\" line 1, col 6: expected a name or a value or '}}', found"
                + " '\"a b}}'");
  }

  private static Map<String, Object> list(String name) {
    return Map.of(name, List.of(1L, 2L));
  }

  private static Map<String, Object> dependency(
      String origin, String name, String version, String release) {
    return Map.of("origin", origin, "name", name, "version", version, "release", release);
  }

  private static Templates compile(Map<String, String> texts) throws TemplateException {
    return Templates.compile(texts, Path.of("/x"));
  }

  private static String render(String text, Map<String, Object> context) throws TemplateException {
    return compile(Map.of("t", text)).render("t", context);
  }
}

package dev.monarch.checks;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which check is claimed by which test and how it ended, over all modules, from the notes of {@link
 * CheckListener}.
 *
 * <p>Run at the end of the build, it writes {@code target/checks.tsv} for programs and {@code
 * target/checks.md} for people, prints the counts, and fails if a claimed check failed or a claim
 * names a check that does not exist. A check nobody claims is listed, not an error: it is work to
 * come.
 */
public final class Report {
  private final SortedMap<CheckId, List<Claim>> claims = new TreeMap<>();
  private final Map<CheckId, KnownCheck> known = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();

  Report(List<KnownCheck> knownChecks, List<Claim> allClaims) {
    for (KnownCheck check : knownChecks) {
      known.put(CheckId.find(check.check()).orElseThrow(), check);
    }
    for (Claim claim : allClaims) {
      CheckId.find(claim.check())
          .filter(this::exists)
          .ifPresentOrElse(
              id -> claims.computeIfAbsent(id, i -> new ArrayList<>()).add(claim),
              () ->
                  errors.add(
                      "%s claims %s, which is no check of a specification: correct its @Check"
                          .formatted(claim.test(), claim.check())));
    }
  }

  /** Reports on the repository whose root is the only argument. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    var report = new Report(KnownCheck.all(), claimsUnder(root));
    Path target = Files.createDirectories(root.resolve("target"));
    Files.write(target.resolve("checks.tsv"), report.table());
    Files.write(target.resolve("checks.md"), report.document());
    report.summary().forEach(System.out::println);
    if (!report.errors().isEmpty()) {
      report.errors().forEach(System.err::println);
      System.exit(1);
    }
  }

  /** What was noted in the modules by tests that still exist. */
  static List<Claim> claimsUnder(Path root) throws IOException {
    List<Claim> claims = new ArrayList<>();
    for (Path module : list(root)) {
      for (Path file : list(module.resolve("target/checks"))) {
        if (isOfAnExistingTest(module, file)) {
          Files.readAllLines(file).stream().map(Claim::parse).forEach(claims::add);
        }
      }
    }
    return claims;
  }

  /** Why the build must fail; empty if all is well. */
  List<String> errors() {
    List<String> all = new ArrayList<>(errors);
    claims.values().stream()
        .flatMap(List::stream)
        .filter(claim -> claim.outcome() == Outcome.FAILED)
        .map(claim -> "%s failed in %s: %s".formatted(claim.check(), claim.test(), claim.reason()))
        .distinct()
        .forEach(all::add);
    return all;
  }

  /** One line of counts for each specification. */
  List<String> summary() {
    return specifications().stream().map(this::summary).toList();
  }

  /** Check, outcome, tests and reasons, divided by tabs; also those nobody claims. */
  List<String> table() {
    return all().stream()
        .map(id -> String.join("\t", id.toString(), status(id), tests(id), reasons(id)))
        .toList();
  }

  /** The same for people, as Markdown. */
  List<String> document() {
    List<String> lines = new ArrayList<>(List.of("# Checks of the specifications"));
    for (String specification : specifications()) {
      lines.addAll(List.of("", "## " + specification + ".md", "", summary(specification), ""));
      lines.addAll(
          List.of("| Check | About | Result | Tests | Remarks |", "|---|---|---|---|---|"));
      all().stream().filter(of(specification)).map(this::row).forEach(lines::add);
    }
    return lines;
  }

  private String summary(String specification) {
    List<CheckId> claimed = claims.keySet().stream().filter(of(specification)).toList();
    List<CheckId> listed = known.keySet().stream().filter(of(specification)).toList();
    var line = new StringBuilder(specification).append(".md: ").append(claimed.size());
    if (!listed.isEmpty()) {
      line.append(" of ").append(listed.size());
    }
    line.append(" checks claimed, ").append(with(claimed, Outcome.PASSED).size()).append(" passed");
    for (Outcome outcome : List.of(Outcome.SKIPPED, Outcome.FAILED)) {
      List<CheckId> those = with(claimed, outcome);
      if (!those.isEmpty()) {
        line.append(", %d %s (%s)".formatted(those.size(), outcome.label(), CheckId.ranges(those)));
      }
    }
    List<CheckId> unclaimed = listed.stream().filter(id -> !claims.containsKey(id)).toList();
    for (String part : awaitedParts(unclaimed)) {
      List<CheckId> waiting = unclaimed.stream().filter(id -> awaits(id).equals(part)).toList();
      line.append("; %s (%s) await their issue".formatted(part, CheckId.ranges(waiting)));
    }
    List<CheckId> missing = unclaimed.stream().filter(id -> awaits(id).isEmpty()).toList();
    if (!missing.isEmpty()) {
      line.append("; unclaimed: ").append(CheckId.ranges(missing));
    }
    return line.toString();
  }

  private String row(CheckId id) {
    return "| %d | %s | %s | %s | %s |"
        .formatted(
            id.number(),
            title(id),
            status(id),
            cell(tests(id)).replace(" ", "<br>"),
            cell(reasons(id)));
  }

  private boolean exists(CheckId id) {
    boolean isListed = known.keySet().stream().anyMatch(of(id.specification()));
    return !isListed || known.containsKey(id);
  }

  private Set<CheckId> all() {
    Set<CheckId> all = new TreeSet<>(known.keySet());
    all.addAll(claims.keySet());
    return all;
  }

  private Set<String> specifications() {
    Set<String> names = new LinkedHashSet<>();
    known.keySet().forEach(id -> names.add(id.specification()));
    claims.keySet().forEach(id -> names.add(id.specification()));
    return names;
  }

  private Set<String> awaitedParts(List<CheckId> ids) {
    Set<String> parts = new LinkedHashSet<>();
    ids.stream().map(this::awaits).filter(part -> !part.isEmpty()).forEach(parts::add);
    return parts;
  }

  private String awaits(CheckId id) {
    return known.containsKey(id) ? known.get(id).awaits() : "";
  }

  private String title(CheckId id) {
    return known.containsKey(id) ? known.get(id).title() : "";
  }

  private List<CheckId> with(List<CheckId> ids, Outcome outcome) {
    return ids.stream().filter(id -> outcome(id) == outcome).toList();
  }

  private Outcome outcome(CheckId id) {
    return claimsOf(id).stream().map(Claim::outcome).reduce(Outcome.PASSED, Outcome::and);
  }

  private String status(CheckId id) {
    return claims.containsKey(id) ? outcome(id).label() : "unclaimed";
  }

  private String tests(CheckId id) {
    return claimsOf(id).stream().map(Claim::test).distinct().collect(joining(" "));
  }

  private String reasons(CheckId id) {
    return claimsOf(id).stream()
        .map(Claim::reason)
        .filter(reason -> !reason.isEmpty())
        .distinct()
        .collect(joining("; "));
  }

  private List<Claim> claimsOf(CheckId id) {
    return claims.getOrDefault(id, List.of());
  }

  private static Predicate<CheckId> of(String specification) {
    return id -> id.specification().equals(specification);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("dev.monarch.", "");
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  private static boolean isOfAnExistingTest(Path module, Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(".tsv")) {
      return false;
    }
    String className = name.substring(0, name.length() - ".tsv".length());
    return Files.exists(
        module.resolve("target/test-classes").resolve(className.replace('.', '/') + ".class"));
  }
}

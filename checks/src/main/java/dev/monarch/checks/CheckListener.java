package dev.monarch.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Notes how each test that claims a check ended, in {@code target/checks/<test class>.tsv} of the
 * module it belongs to. JUnit finds it by itself wherever this module is on the test class path.
 *
 * <p>A class's file is removed when its tests are about to run and written when they have: what is
 * found there is of the last run, and a run that was killed leaves nothing that could pass for a
 * result. Tests that never began because their class failed or was disabled share its fate.
 */
public final class CheckListener implements TestExecutionListener {
  private final Optional<Path> directory;

  /** Sets, because the hundred invocations of a parameterised test need not be told one by one. */
  private final Map<String, Set<Claim>> claimsByClass = new TreeMap<>();

  private final Set<UniqueId> settled = new HashSet<>();
  private Optional<TestPlan> plan = Optional.empty();

  /** Notes in the module that the build is testing; elsewhere, as in an editor, nowhere. */
  public CheckListener() {
    this(Optional.ofNullable(System.getProperty("basedir")).map(b -> Path.of(b, "target/checks")));
  }

  CheckListener(Optional<Path> directory) {
    this.directory = directory;
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = Optional.of(started);
    for (TestIdentifier root : started.getRoots()) {
      for (TestIdentifier test : started.getDescendants(root)) {
        className(test).ifPresent(name -> claimsByClass.put(name, new LinkedHashSet<>()));
      }
    }
    directory.ifPresent(d -> claimsByClass.keySet().forEach(name -> delete(file(d, name))));
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String reason = result.getThrowable().map(Throwable::toString).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        // A container that passed says nothing: its tests have spoken.
        if (test.isTest()) {
          settle(test, Outcome.PASSED, "");
        }
      }
      case ABORTED -> settleAll(test, Outcome.SKIPPED, reason);
      case FAILED -> settleAll(test, Outcome.FAILED, reason);
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    settleAll(test, Outcome.SKIPPED, reason);
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    directory.ifPresent(d -> claimsByClass.forEach((name, claims) -> write(file(d, name), claims)));
    claimsByClass.clear();
    settled.clear();
    plan = Optional.empty();
  }

  private void settleAll(TestIdentifier top, Outcome outcome, String reason) {
    settle(top, outcome, reason);
    plan.ifPresent(p -> p.getDescendants(top).forEach(t -> settle(t, outcome, reason)));
  }

  private void settle(TestIdentifier test, Outcome outcome, String reason) {
    if (!settled.add(test.getUniqueIdObject())) {
      return;
    }
    method(test)
        .ifPresent(
            source -> {
              String name = source.getClassName() + "#" + source.getMethodName();
              Set<Claim> claims =
                  claimsByClass.computeIfAbsent(source.getClassName(), c -> new LinkedHashSet<>());
              for (String check : checks(source.getJavaMethod())) {
                claims.add(new Claim(check, name, outcome, reason));
              }
            });
  }

  private static List<String> checks(Method method) {
    return Optional.ofNullable(method.getAnnotation(Check.class))
        .map(check -> List.of(check.value()))
        .orElse(List.of());
  }

  private static Optional<String> className(TestIdentifier test) {
    return test.getSource()
        .flatMap(
            source ->
                switch (source) {
                  case MethodSource m -> Optional.of(m.getClassName());
                  case ClassSource c -> Optional.of(c.getClassName());
                  default -> Optional.empty();
                });
  }

  private static Optional<MethodSource> method(TestIdentifier test) {
    return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
  }

  private static Path file(Path directory, String className) {
    return directory.resolve(className + ".tsv");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, Set<Claim> claims) {
    if (claims.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, claims.stream().map(Claim::line).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

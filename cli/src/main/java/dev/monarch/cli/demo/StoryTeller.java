package dev.monarch.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Plays a story on a stage and tells, step by step, what came true and when. */
final class StoryTeller {
  private static final String ROW = "%-66s %9s   %s";

  private final Stage stage;
  private final Consumer<String> lines;

  StoryTeller(Stage stage, Consumer<String> lines) {
    this.stage = stage;
    this.lines = lines;
  }

  /**
   * Plays all steps, or up to the one that did not come true.
   *
   * @return true if all of it came true
   */
  boolean tell(List<Story.Step> steps) throws InterruptedException {
    lines.accept(ROW.formatted("step", "measured", "calculated").stripTrailing());
    Instant began = stage.now();
    for (Story.Step step : steps) {
      // A step that only waits is counted from the act before it.
      if (!(step.act() instanceof Act.Wait)) {
        began = stage.now();
        stage.play(step.act());
      }
      Optional<String> failure = await(step, began);
      if (failure.isPresent()) {
        lines.accept(failure.get());
        return false;
      }
    }
    return true;
  }

  private Optional<String> await(Story.Step step, Instant began) throws InterruptedException {
    while (true) {
      Optional<Instant> reached = step.goal().reached(stage.look(), began);
      if (reached.isPresent()) {
        Duration measured = Duration.between(began, reached.get());
        lines.accept(
            ROW.formatted(
                step.title(),
                "%d.%02d s".formatted(measured.toSeconds(), measured.toMillisPart() / 10),
                step.calculated()));
        return Optional.empty();
      }
      Optional<String> broken = stage.broken();
      if (broken.isPresent()) {
        return Optional.of("NOT TRUE: %s: %s".formatted(step.title(), broken.get()));
      }
      Duration waited = Duration.between(began, stage.now());
      if (waited.compareTo(step.deadline()) > 0) {
        return Optional.of(
            "NOT TRUE: %s: after %s still missing: %s"
                .formatted(
                    step.title(),
                    Story.seconds(waited),
                    String.join(", ", step.goal().missing(stage.look(), began))));
      }
      stage.pause();
    }
  }
}

package dev.monarch.cli.demo;

import java.time.Instant;
import java.util.Optional;

/** Where a story is played. */
interface Stage {
  void play(Act act);

  /** What everybody believes, as of now. */
  Beliefs look();

  /** Why the story cannot go on, such as a Supervisor that ended by itself. */
  Optional<String> broken();

  Instant now();

  /** Lets a moment pass. */
  void pause() throws InterruptedException;
}

package dev.monarch.checks;

/**
 * How a test that claims a check ended; what comes later in this list outweighs what comes before.
 */
enum Outcome {
  PASSED,
  /** Not run, or given up because the machine lacks something; the reason tells. */
  SKIPPED,
  FAILED;

  /** What several tests of one check amount to: it passed only if all of them did. */
  Outcome and(Outcome other) {
    return compareTo(other) >= 0 ? this : other;
  }

  String label() {
    return switch (this) {
      case PASSED -> "passed";
      case SKIPPED -> "skipped";
      case FAILED -> "failed";
    };
  }
}

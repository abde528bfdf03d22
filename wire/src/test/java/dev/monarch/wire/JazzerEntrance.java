package dev.monarch.wire;

/** Where Jazzer enters, by name; {@link CoverageGuidedFuzzTest} starts it. */
public final class JazzerEntrance {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("fuzz.target", "SWIM"));

  private JazzerEntrance() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    TARGET.run(bytes);
  }
}

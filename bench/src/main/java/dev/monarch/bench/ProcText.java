package dev.monarch.bench;

/** Reads what the kernel writes under {@code /proc}. */
final class ProcText {
  private ProcText() {}

  /** The number of a line like {@code VmRSS: 1234 kB}. */
  static long kilobytes(String text, String key) {
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(key + ":")) {
        String[] words = line.substring(key.length() + 1).strip().split("\\s+", -1);
        if (words.length == 2 && words[1].equals("kB")) {
          return Long.parseLong(words[0]);
        }
      }
    }
    throw new IllegalArgumentException("expected a line \"" + key + ": … kB\", found none");
  }

  /**
   * User and system time in clock ticks, the fields 14 and 15 of {@code /proc/<pid>/stat}. Counted
   * from behind the program's name, which may hold blanks and parentheses.
   */
  static long cpuTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < 13) {
      throw new IllegalArgumentException("expected a line of /proc/<pid>/stat, found: " + stat);
    }
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}

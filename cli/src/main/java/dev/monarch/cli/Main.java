package dev.monarch.cli;

import dev.monarch.cli.svc.PlainStatus;
import java.util.OptionalInt;

/** Where {@code ./hab} begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exit = run(args, Surroundings.ofProcess());
    System.out.flush();
    System.exit(exit);
  }

  static int run(String[] args, Surroundings surroundings) {
    // Asked by scripts, often; answered before anything else is loaded.
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      surroundings.out().println(Version.text("hab"));
      return 0;
    }
    OptionalInt plain = PlainStatus.run(args, surroundings);
    return plain.isPresent() ? plain.getAsInt() : Hab.run(args, surroundings);
  }
}

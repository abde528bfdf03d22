package dev.monarch.cli.svc;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayLookup;
import dev.monarch.cli.ctl.GatewayLookup.AddressException;
import dev.monarch.wire.control.Ident;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@code hab svc status} as scripts type it, many times a minute: without the parser of command
 * lines, which takes longer to load than all the rest together, because its classes are too old to
 * be prepared ahead of time. Whatever is not plainly right is left to the parser, and so is help.
 */
public final class PlainStatus {
  private static final String REMOTE = "--remote-sup";

  private @Nullable String remote;
  private @Nullable Ident ident;
  private boolean json;

  private PlainStatus() {}

  /** The exit code; empty if it is another command line. */
  public static OptionalInt run(String[] args, Surroundings surroundings) {
    var status = new PlainStatus();
    if (!status.understands(args)) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(
          StatusReport.run(
              GatewayLookup.find(Optional.ofNullable(status.remote), surroundings),
              Optional.ofNullable(status.ident),
              status.json,
              surroundings));
    } catch (AddressException none) {
      return OptionalInt.empty();
    } catch (CommandFailed failed) {
      return OptionalInt.of(Says.failure(surroundings, failed.text()));
    }
  }

  private boolean understands(String[] args) {
    if (args.length < 2
        || !(args[0].equals("svc") || args[0].equals("sup"))
        || !args[1].equals("status")) {
      return false;
    }
    for (int i = 2; i < args.length; i++) {
      boolean taken;
      if (args[i].equals("-r") || args[i].equals(REMOTE)) {
        i++;
        taken = i < args.length && takeRemote(args[i]);
      } else if (args[i].startsWith(REMOTE + "=")) {
        taken = takeRemote(args[i].substring(REMOTE.length() + 1));
      } else if (args[i].equals("--json")) {
        taken = !json;
        json = true;
      } else {
        taken = takeIdent(args[i]);
      }
      if (!taken) {
        return false;
      }
    }
    return true;
  }

  private boolean takeRemote(String word) {
    boolean first = remote == null && !word.startsWith("-");
    remote = word;
    return first;
  }

  private boolean takeIdent(String word) {
    Optional<Ident> named = word.startsWith("-") ? Optional.empty() : Ident.parse(word);
    boolean first = ident == null && named.isPresent();
    ident = named.orElse(null);
    return first;
  }
}

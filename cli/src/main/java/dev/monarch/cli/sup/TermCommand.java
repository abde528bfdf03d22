package dev.monarch.cli.sup;

import dev.monarch.cli.Surroundings;
import dev.monarch.supervisor.SupervisorTerm;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hab sup term}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Stops the Supervisor of this machine in order, and its services.")
public final class TermCommand implements Callable<Integer> {
  /** Whatever failed, the command line's exit code says no more (supervisor.md 10.6). */
  private static final int FAILED = 1;

  private final Surroundings surroundings;

  public TermCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return new SupervisorTerm(surroundings.ofSupervisor()).run() == 0 ? 0 : FAILED;
  }
}

package dev.monarch.cli.sup;

import dev.monarch.cli.Surroundings;
import dev.monarch.supervisor.ControlSecret;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hab sup secret generate}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints a new secret for the control gateway of Supervisors.",
    description = {
      "It is stored nowhere. For a Supervisor to take it, write it into hab/sup/default/CTL_SECRET"
          + " before the Supervisor starts; for clients, set HAB_CTL_SECRET or ctl_secret of"
          + " cli.toml."
    })
public final class SecretGenerateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  public SecretGenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    surroundings.out().println(ControlSecret.generate());
    return 0;
  }
}

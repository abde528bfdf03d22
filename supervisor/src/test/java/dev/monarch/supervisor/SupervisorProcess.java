package dev.monarch.supervisor;

import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOptions;

/** A Supervisor in a process of its own; its only argument is its address. */
public final class SupervisorProcess {
  private SupervisorProcess() {}

  public static void main(String[] args) {
    SupervisorOptions options =
        SupervisorOptions.builder()
            .give(SupervisorOption.LISTEN_GOSSIP, args[0])
            .give(SupervisorOption.LISTEN_HTTP, args[0])
            .give(SupervisorOption.LISTEN_CTL, args[0])
            .build();
    var supervisor = new Supervisor(options, Surroundings.ofProcess());
    supervisor.handleSignals();
    System.exit(supervisor.run());
  }
}

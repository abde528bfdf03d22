package dev.monarch.cli;

import dev.monarch.cli.completion.CompletionCommand;
import dev.monarch.cli.config.ApplyCommand;
import dev.monarch.cli.config.ShowCommand;
import dev.monarch.cli.config.UploadCommand;
import dev.monarch.cli.ctl.SetupCommand;
import dev.monarch.cli.demo.DemoCommand;
import dev.monarch.cli.key.OriginKeyExportCommand;
import dev.monarch.cli.key.OriginKeyGenerateCommand;
import dev.monarch.cli.key.OriginKeyImportCommand;
import dev.monarch.cli.key.RingKeyExportCommand;
import dev.monarch.cli.key.RingKeyGenerateCommand;
import dev.monarch.cli.key.RingKeyImportCommand;
import dev.monarch.cli.key.ServiceKeyGenerateCommand;
import dev.monarch.cli.key.UserKeyGenerateCommand;
import dev.monarch.cli.pkg.BindsCommand;
import dev.monarch.cli.pkg.ConfigCommand;
import dev.monarch.cli.pkg.DependenciesCommand;
import dev.monarch.cli.pkg.EnvCommand;
import dev.monarch.cli.pkg.ExecCommand;
import dev.monarch.cli.pkg.ListCommand;
import dev.monarch.cli.pkg.PathCommand;
import dev.monarch.cli.ring.MembersCommand;
import dev.monarch.cli.ring.WatchCommand;
import dev.monarch.cli.sup.DepartCommand;
import dev.monarch.cli.sup.RestartCommand;
import dev.monarch.cli.sup.RunCommand;
import dev.monarch.cli.sup.SecretGenerateCommand;
import dev.monarch.cli.sup.SecretGenerateTlsCommand;
import dev.monarch.cli.sup.TermCommand;
import dev.monarch.cli.svc.LeaderCommand;
import dev.monarch.cli.svc.LoadCommand;
import dev.monarch.cli.svc.StartCommand;
import dev.monarch.cli.svc.StatusCommand;
import dev.monarch.cli.svc.StopCommand;
import dev.monarch.cli.svc.UnloadCommand;
import dev.monarch.cli.svc.UpdateCommand;
import dev.monarch.crypto.KeyException;
import dev.monarch.supervisor.Supervisor;
import dev.monarch.supervisor.config.SupervisorOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The tree of commands, and one run of it. */
public final class Hab {
  /** Wide enough for the tables of options, narrow enough for a terminal. */
  private static final int HELP_COLUMNS = 100;

  private static final int EXIT_USAGE = 2;

  private Hab() {}

  static int run(String[] args, Surroundings surroundings) {
    return run(commandLine(surroundings), args);
  }

  static int run(CommandLine hab, String[] args) {
    return hab.execute(Greedy.spread(hab.getCommandSpec(), args));
  }

  /** Every command with its name, help and options. */
  static CommandLine commandLine(Surroundings surroundings) {
    return commandLine(surroundings, Hab::supervise);
  }

  /**
   * The same.
   *
   * @param supervisor what {@code sup run} runs
   */
  static CommandLine commandLine(Surroundings surroundings, RunCommand.Program supervisor) {
    CommandLine hab =
        group(
            "hab",
            "Runs a Supervisor, and looks after its ring.",
            surroundings,
            Map.of(
                "cli", cli(surroundings),
                "config", config(surroundings),
                "file", file(surroundings),
                "origin", origin(surroundings),
                "pkg", pkg(surroundings),
                "ring", ring(surroundings),
                "sup", sup(surroundings, supervisor),
                "svc", svc(surroundings),
                "user", user(surroundings),
                "completion", new CommandLine(new CompletionCommand(surroundings))));
    hab.getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "A ring to look at, on this machine:  hab ring demo",
            "A Supervisor in the foreground:      hab sup run",
            "A service for it to run:             hab svc load ORIGIN/NAME",
            "More about a command:                hab help COMMAND…");
    finish(hab, surroundings);
    return hab;
  }

  private static CommandLine cli(Surroundings surroundings) {
    return group(
        "cli",
        "Settles what is the same for all commands.",
        surroundings,
        Map.of("setup", new CommandLine(new SetupCommand(surroundings))));
  }

  private static CommandLine config(Surroundings surroundings) {
    return group(
        "config",
        "Changes and shows the configuration of services.",
        surroundings,
        Map.of(
            "apply", new CommandLine(new ApplyCommand(surroundings)),
            "show", new CommandLine(new ShowCommand(surroundings))));
  }

  private static CommandLine file(Surroundings surroundings) {
    return group(
        "file",
        "Gives files to service groups.",
        surroundings,
        Map.of("upload", new CommandLine(new UploadCommand(surroundings))));
  }

  private static CommandLine origin(Surroundings surroundings) {
    return group(
        "origin",
        "Looks after the keys that sign the packages of an origin.",
        surroundings,
        Map.of(
            "key",
            group(
                "key",
                "Makes, shows and stores the keys of an origin.",
                surroundings,
                Map.of(
                    "generate", new CommandLine(new OriginKeyGenerateCommand(surroundings)),
                    "export", new CommandLine(new OriginKeyExportCommand(surroundings)),
                    "import", new CommandLine(new OriginKeyImportCommand(surroundings))))));
  }

  private static CommandLine user(Surroundings surroundings) {
    return group(
        "user",
        "Looks after the keys of users, who seal configuration and files for service groups.",
        surroundings,
        Map.of(
            "key",
            group(
                "key",
                "Makes the keys of a user.",
                surroundings,
                Map.of("generate", new CommandLine(new UserKeyGenerateCommand(surroundings))))));
  }

  private static CommandLine pkg(Surroundings surroundings) {
    return group(
        "pkg",
        "Looks at the packages of this machine, and runs commands with what they need.",
        surroundings,
        Map.of(
            "binds", new CommandLine(new BindsCommand(surroundings)),
            "config", new CommandLine(new ConfigCommand(surroundings)),
            "dependencies", new CommandLine(new DependenciesCommand(surroundings)),
            "env", new CommandLine(new EnvCommand(surroundings)),
            "exec", new CommandLine(new ExecCommand(surroundings)).setStopAtPositional(true),
            "list", new CommandLine(new ListCommand(surroundings)),
            "path", new CommandLine(new PathCommand(surroundings))));
  }

  private static CommandLine ring(Surroundings surroundings) {
    return group(
        "ring",
        "Looks at a ring of Supervisors, and looks after its keys.",
        surroundings,
        Map.of(
            "key",
            group(
                "key",
                "Makes, shows and stores the keys that encrypt a ring.",
                surroundings,
                Map.of(
                    "generate", new CommandLine(new RingKeyGenerateCommand(surroundings)),
                    "export", new CommandLine(new RingKeyExportCommand(surroundings)),
                    "import", new CommandLine(new RingKeyImportCommand(surroundings)))),
            "members",
            new CommandLine(new MembersCommand(surroundings)),
            "watch",
            new CommandLine(new WatchCommand(surroundings)),
            "demo",
            new CommandLine(new DemoCommand(surroundings))));
  }

  private static CommandLine sup(Surroundings surroundings, RunCommand.Program supervisor) {
    return group(
        "sup",
        "Runs and ends the Supervisor of this machine, restarts one, and makes one leave its ring.",
        surroundings,
        Map.of(
            "depart", new CommandLine(new DepartCommand(surroundings)),
            "restart", new CommandLine(new RestartCommand(surroundings)),
            "run", new CommandLine(RunCommand.spec(surroundings, supervisor)),
            "secret",
                group(
                    "secret",
                    "Makes what opens and protects the control gateway.",
                    surroundings,
                    Map.of(
                        "generate", new CommandLine(new SecretGenerateCommand(surroundings)),
                        "generate-tls", new CommandLine(new SecretGenerateTlsCommand()))),
            "status", new CommandLine(new StatusCommand(surroundings)),
            "term", new CommandLine(new TermCommand(surroundings))));
  }

  private static CommandLine svc(Surroundings surroundings) {
    return group(
        "svc",
        "Loads, starts, stops, changes and shows the services of a Supervisor.",
        surroundings,
        Map.of(
            "key",
                group(
                    "key",
                    "Makes the keys of a service group.",
                    surroundings,
                    Map.of("generate", ServiceKeyGenerateCommand.commandLine(surroundings))),
            "leader", new CommandLine(new LeaderCommand(surroundings)),
            "load", new CommandLine(LoadCommand.spec(surroundings)),
            "start", new CommandLine(new StartCommand(surroundings)),
            "status", new CommandLine(new StatusCommand(surroundings)),
            "stop", new CommandLine(new StopCommand(surroundings)),
            "unload", new CommandLine(new UnloadCommand(surroundings)),
            "update", new CommandLine(UpdateCommand.spec(surroundings))));
  }

  private static int supervise(SupervisorOptions options, Surroundings surroundings) {
    Supervisor supervisor = new Supervisor(options, surroundings.ofSupervisor());
    supervisor.handleSignals();
    return supervisor.run();
  }

  /** A command that only holds others: alone it shows what there is, as a wrong command line. */
  private static CommandLine group(
      String name, String header, Surroundings surroundings, Map<String, CommandLine> commands) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().header(header).synopsisSubcommandLabel("COMMAND");
    CommandLine group = new CommandLine(spec);
    commands.keySet().stream().sorted().forEach(c -> group.addSubcommand(c, commands.get(c)));
    group.addSubcommand("help", new CommandLine(new HelpCommand(surroundings)));
    return group;
  }

  private static void finish(CommandLine hab, Surroundings surroundings) {
    hab.setOut(Streams.writer(surroundings.out()));
    hab.setErr(Streams.writer(surroundings.err()));
    hab.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.coloured() ? Ansi.ON : Ansi.OFF));
    hab.setUsageHelpWidth(HELP_COLUMNS);
    // A word that begins with @ is a word, as in the original; it may belong to another program.
    hab.setExpandAtFiles(false);
    hab.setParameterExceptionHandler((problem, args) -> UsageErrors.answer(problem));
    hab.setExecutionExceptionHandler(
        (problem, command, parsed) -> {
          if (problem instanceof CommandFailed failed) {
            return Says.failure(surroundings, failed.text());
          }
          if (problem instanceof KeyException failed) {
            return Says.failure(surroundings, String.valueOf(failed.getMessage()));
          }
          throw problem;
        });
    hab.setExecutionStrategy(Hab::execute);
    describe(hab, "hab");
  }

  /** What is the same everywhere: version, layout and words of the standard options. */
  private static void describe(CommandLine command, String name) {
    CommandSpec spec = command.getCommandSpec();
    spec.version(Version.text(name));
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .synopsisHeading("%nUsage: ")
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .sortOptions(false);
    command.getSubcommands().forEach((child, below) -> describe(below, name + "-" + child));
  }

  private static int execute(ParseResult parsed) {
    for (ParseResult at = parsed; ; at = at.subcommand()) {
      CommandLine command = at.commandSpec().commandLine();
      if (at.isUsageHelpRequested()) {
        command.usage(command.getOut());
        return 0;
      }
      if (at.isVersionHelpRequested()) {
        command.printVersionHelp(command.getOut());
        return 0;
      }
      if (!at.hasSubcommand()) {
        if (at.commandSpec().userObject() instanceof Callable<?>) {
          return new CommandLine.RunLast().execute(parsed);
        }
        command.usage(command.getErr());
        return EXIT_USAGE;
      }
    }
  }
}

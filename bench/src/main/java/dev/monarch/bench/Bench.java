package dev.monarch.bench;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line: one subcommand for each question. */
@Command(
    name = "bench/run",
    description = "Measures Monarch and prints tables; see docs/performance.md.",
    subcommands = CommandLine.HelpCommand.class)
public final class Bench {
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Command(description = "Messages written and read per second, in clear and sealed.")
  void wire() {
    print(
        "Messages per second of processor time, median (least–most) of 5 rounds", WireBench.run());
  }

  @Command(description = "Inputs per second that one machine handles.")
  void machine() {
    print(
        "Steps of one machine per second of processor time, median (least–most) of 5 rounds",
        MachineBench.run());
  }

  @Command(description = "Simulated members × seconds per second of processor time.")
  void simulator() {
    print("Simulated members × seconds per second of processor time", SimulatorBench.run());
  }

  @Command(description = "Memory and processor time of Supervisors that have nothing to do.")
  void idle(
      @Option(names = "--seconds", defaultValue = "60", description = "How long to watch.")
          int seconds) {
    print("Idle Supervisors", IdleBench.run(Duration.ofSeconds(seconds)));
  }

  @Command(description = "Time to the first answer of the gateway, and of hab --version.")
  void start(@Option(names = "--runs", defaultValue = "10", description = "How often.") int runs) {
    print("Starting, median (least–most)", StartBench.run(runs));
  }

  @Command(description = "Time from kill -9 to suspect and confirmed at every survivor.")
  void detection(
      @Option(names = "--members", defaultValue = "5", description = "Size of the ring.")
          int members,
      @Option(names = "--kills", defaultValue = "5", description = "Real kills; 0 for none.")
          int kills,
      @Option(names = "--simulated", defaultValue = "1000", description = "Simulated kills.")
          int simulated) {
    print(
        "Seconds since kill -9, median (least–most)",
        DetectionBench.run(members, kills, simulated));
  }

  @Command(description = "Configuration from a bastion to the hooks of all members.")
  void configuration(
      @Option(names = "--members", defaultValue = "16", description = "Size of the group.")
          int members,
      @Option(names = "--changes", defaultValue = "20", description = "Configurations told.")
          int changes) {
    print("Configuration", ConfigurationBench.run(members, changes));
  }

  @Command(description = "Starts of services, and many idle ones.")
  void services(
      @Option(names = "--services", defaultValue = "100", description = "How many.") int services,
      @Option(names = "--seconds", defaultValue = "60", description = "How long to watch.")
          int seconds) {
    print("Services", ServicesBench.run(services, Duration.ofSeconds(seconds)));
  }

  @Command(description = "Time from the death of a group's leader to agreement about the next one.")
  void election(
      @Option(names = "--members", defaultValue = "64", description = "Size of the ring.")
          int members,
      @Option(names = "--group", defaultValue = "5", description = "How many of them elect.")
          int group,
      @Option(names = "--kills", defaultValue = "5", description = "Real kills; 0 for none.")
          int kills,
      @Option(names = "--simulated", defaultValue = "1000", description = "Simulated kills.")
          int simulated) {
    print(
        "Seconds since kill -9 of the leader, median (least–most)",
        ElectionBench.run(members, group, kills, simulated));
  }

  @Command(description = "Everything, as in docs/performance.md; takes about an hour.")
  void all() {
    wire();
    machine();
    simulator();
    start(10);
    idle(60);
    detection(5, 5, 1000);
    detection(32, 3, 1000);
    services(100, 60);
    configuration(16, 20);
    configuration(64, 20);
    election(64, 5, 5, 1000);
  }

  /** The source tree that {@code ./hab} is in; {@code bench/run} says where. */
  static Path root() {
    return Path.of(System.getProperty("monarch.root", ".")).toAbsolutePath().normalize();
  }

  private static void print(String title, String table) {
    System.out.println();
    System.out.println(title);
    System.out.println(Machine.describe() + " · load now " + Machine.load());
    System.out.println();
    System.out.print(table);
  }
}

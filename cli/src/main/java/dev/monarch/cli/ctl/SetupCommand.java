package dev.monarch.cli.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.Terminal;
import dev.monarch.supervisor.ctl.TlsMaterial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code hab cli setup}, as far as it concerns control gateways: asks one question after the other
 * and writes {@code cli.toml}. The end of the input is the end of the questions, so answers may
 * come from a file.
 */
@Command(
    mixinStandardHelpOptions = true,
    header = "Asks for what commands to control gateways need, and remembers it.",
    description = {
      "An empty answer keeps what there is, and a dash forgets it. The answers are in cli.toml,"
          + " below /hab/etc for root and ~/.hab/etc for others, which only its owner can read. The"
          + " variable HAB_CTL_SECRET and the option --remote-sup count more than the file."
    })
public final class SetupCommand implements Callable<Integer> {
  private static final String FORGET = "-";

  /** What is asked, in this order. */
  private enum Question {
    ADDRESS("listen_ctl", "Control gateway to talk to, as HOST:PORT", false, Optional.empty()),
    SECRET("ctl_secret", "Its secret, the text in CTL_SECRET there", true, Optional.empty()),
    AUTHORITY(
        GatewayTls.AUTHORITY,
        "If it speaks TLS: its certificate, or the one of its authority, as a PEM file",
        false,
        Optional.of(TlsMaterial.CERTIFICATES)),
    NAME(
        GatewayTls.NAME,
        "The name in its certificate, if it is not that of the address",
        false,
        Optional.empty()),
    CERTIFICATE(
        GatewayTls.CERTIFICATE,
        "If it asks for a certificate: yours, as a PEM file",
        false,
        Optional.of(TlsMaterial.CERTIFICATES)),
    KEY(
        GatewayTls.KEY,
        "The private key of your certificate, as a PEM file",
        false,
        Optional.of(TlsMaterial.KEY));

    private final String key;
    private final String text;
    private final boolean secret;
    private final Optional<TlsMaterial> file;

    Question(String key, String text, boolean secret, Optional<TlsMaterial> file) {
      this.key = key;
      this.text = text;
      this.secret = secret;
      this.file = file;
    }
  }

  private final Surroundings surroundings;
  private final BufferedReader answers;

  public SetupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.answers = new BufferedReader(new InputStreamReader(surroundings.in(), UTF_8));
  }

  @Override
  public Integer call() {
    Says.begin(surroundings, "Setting up hab for control gateways");
    CommandSettings former = CommandSettings.read(surroundings);
    CommandSettings settings = former;
    try {
      for (Question question : Question.values()) {
        Optional<CommandSettings> answered = ask(question, settings);
        if (answered.isEmpty()) {
          break;
        }
        settings = answered.get();
      }
    } catch (IOException broken) {
      throw new CommandFailed(
          "expected an answer on standard input, found: %s; nothing was changed"
              .formatted(broken.getMessage()));
    }
    if (settings.equals(former)) {
      Says.end(surroundings, "Nothing changed in " + former);
    } else {
      settings.write();
      Says.end(surroundings, "Wrote " + settings);
    }
    return 0;
  }

  /** Empty if there are no more answers. */
  private Optional<CommandSettings> ask(Question question, CommandSettings settings)
      throws IOException {
    Optional<String> present =
        settings.text(question.key).map(value -> question.secret ? "set" : value);
    while (true) {
      surroundings
          .out()
          .print(question.text + present.map(value -> " [" + value + "]").orElse("") + ": ");
      surroundings.out().flush();
      Optional<String> answer = question.secret ? unseen() : answer();
      if (answer.isEmpty()) {
        surroundings.out().println();
        return Optional.empty();
      }
      Optional<CommandSettings> settled = settle(question, answer.get(), settings);
      if (settled.isPresent()) {
        return settled;
      }
    }
  }

  /** Empty if a person at a terminal is to try again. */
  private Optional<CommandSettings> settle(
      Question question, String answer, CommandSettings settings) {
    if (answer.isEmpty()) {
      return Optional.of(settings);
    }
    if (answer.equals(FORGET)) {
      return Optional.of(settings.without(question.key));
    }
    try {
      if (question.file.isEmpty()) {
        return Optional.of(settings.with(question.key, answer));
      }
      // Commands will be typed in other directories.
      String place = Path.of(answer).toAbsolutePath().normalize().toString();
      Path _ = settings.tlsFile(question.key, place, question.file.get());
      return Optional.of(settings.with(question.key, place));
    } catch (CommandFailed wrong) {
      if (!surroundings.typed()) {
        throw wrong;
      }
      Says.warn(surroundings, wrong.text());
      return Optional.empty();
    }
  }

  private Optional<String> answer() throws IOException {
    return Optional.ofNullable(answers.readLine()).map(String::strip);
  }

  /** What is typed is not shown, also when the program is interrupted meanwhile. */
  private Optional<String> unseen() throws IOException {
    if (!surroundings.typed()) {
      return answer();
    }
    Thread interrupted = new Thread(SetupCommand::show, "terminal");
    Runtime.getRuntime().addShutdownHook(interrupted);
    Optional<String> _ = Terminal.stty("-echo");
    try {
      return answer();
    } finally {
      show();
      surroundings.out().println();
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
  }

  private static void show() {
    Optional<String> _ = Terminal.stty("echo");
  }
}

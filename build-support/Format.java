import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Runs google-java-format over every Java file of the repository: {@code check} or {@code apply}.
 */
class Format {
  public static void main(String[] args) throws IOException {
    List<String> command =
        new ArrayList<>(
            args[0].equals("apply")
                ? List.of("--replace")
                : List.of("--dry-run", "--set-exit-if-changed"));
    try (var files = Files.walk(Path.of("."))) {
      files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !f.toString().contains("/target/"))
          .map(Path::toString)
          .forEach(command::add);
    }
    var tool = ToolProvider.findFirst("google-java-format").orElseThrow();
    int rc =
        tool.run(
            new PrintWriter(System.out, true),
            new PrintWriter(System.err, true),
            command.toArray(String[]::new));
    if (rc != 0) {
      System.err.println(
          "Badly formatted files are listed above; run: mvn -N validate -Dformat=apply");
    }
    System.exit(rc);
  }
}

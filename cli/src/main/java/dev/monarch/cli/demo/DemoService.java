package dev.monarch.cli.demo;

import dev.monarch.packages.PackageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The services that every member of the demonstration runs. Each has a configuration that is
 * rendered from what the ring knows, and notes it whenever it is told of a new one, as a load
 * balancer does with its upstreams and a database with its primary.
 *
 * <pre>
 *   roster    who is alive in its group
 *   captain   who leads its group, which has topology leader
 * </pre>
 */
public final class DemoService {
  private static final String RELEASE = "1.0.0/20260101000000";

  private final Path known;

  private DemoService(Path known) {
    this.known = known;
  }

  /** Installs the one that knows who is alive below a member's tree, and writes its spec. */
  public static DemoService roster(Path tree) throws IOException {
    return install(
        tree, "roster", "", "{{#eachAlive svc.members as |m|}}{{m.member_id}}\n{{/eachAlive}}");
  }

  /** Installs the one that knows who leads below a member's tree, and writes its spec. */
  public static DemoService captain(Path tree) throws IOException {
    return install(
        tree,
        "captain",
        "topology = \"leader\"\n",
        "{{#if svc.leader}}{{svc.leader.member_id}}\n{{/if}}");
  }

  private static DemoService install(Path tree, String name, String spec, String template)
      throws IOException {
    Path pkg = tree.resolve("hab/pkgs/demo").resolve(name).resolve(RELEASE);
    write(pkg.resolve("IDENT"), "demo/" + name + "/" + RELEASE);
    write(pkg.resolve("TARGET"), PackageStore.activeTarget());
    // The one who plays the demonstration, so that nobody else has to be able to read its files.
    PosixFileAttributes mine = Files.readAttributes(tree, PosixFileAttributes.class);
    write(pkg.resolve("SVC_USER"), mine.owner().getName());
    write(pkg.resolve("SVC_GROUP"), mine.group().getName());
    write(pkg.resolve("config/known"), template);
    // What a program does that reads its configuration; in one piece, for whoever looks.
    String takeOver =
        """
        #!/bin/sh
        cp {{pkg.svc_config_path}}/known {{pkg.svc_data_path}}/next
        mv {{pkg.svc_data_path}}/next {{pkg.svc_data_path}}/known
        """;
    write(pkg.resolve("hooks/run"), takeOver + "exec sleep 2147483647\n");
    write(pkg.resolve("hooks/reconfigure"), takeOver);
    write(
        tree.resolve("hab/sup/default/specs/" + name + ".spec"),
        "ident = \"demo/" + name + "\"\n" + spec);
    return new DemoService(tree.resolve("hab/svc/" + name + "/data/known"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Forgets what it knew in a former run. */
  void forget() throws IOException {
    Files.deleteIfExists(known);
  }

  /**
   * What the service goes by.
   *
   * @param ids of members
   * @param since when it took them over
   */
  record Knowledge(List<String> ids, Instant since) {}

  /** Empty as long as it has not started. */
  Optional<Knowledge> knowledge() {
    try {
      Instant since = Files.getLastModifiedTime(known).toInstant();
      return Optional.of(new Knowledge(Files.readAllLines(known), since));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }
}

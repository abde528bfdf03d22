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
 * The service that every member of the demonstration runs: it knows who else is in its group,
 * because its configuration is rendered from that, and notes the list whenever it is told of a new
 * one. The same as a load balancer does with its upstreams.
 */
public final class DemoService {
  private static final String IDENT = "demo/roster/1.0.0/20260101000000";

  /** What a program does that reads its configuration; in one piece, for whoever looks. */
  private static final String TAKE_OVER =
      """
      #!/bin/sh
      cp {{pkg.svc_config_path}}/members {{pkg.svc_data_path}}/next
      mv {{pkg.svc_data_path}}/next {{pkg.svc_data_path}}/members
      """;

  private final Path list;

  private DemoService(Path list) {
    this.list = list;
  }

  /** Installs its package below a member's tree and writes its spec. */
  public static DemoService install(Path tree) throws IOException {
    Path pkg = tree.resolve("hab/pkgs").resolve(IDENT);
    write(pkg.resolve("TARGET"), PackageStore.activeTarget());
    // The one who plays the demonstration, so that nobody else has to be able to read its files.
    PosixFileAttributes mine = Files.readAttributes(tree, PosixFileAttributes.class);
    write(pkg.resolve("SVC_USER"), mine.owner().getName());
    write(pkg.resolve("SVC_GROUP"), mine.group().getName());
    write(
        pkg.resolve("config/members"),
        "{{#eachAlive svc.members as |m|}}{{m.member_id}}\n{{/eachAlive}}");
    write(pkg.resolve("hooks/run"), TAKE_OVER + "exec sleep 2147483647\n");
    write(pkg.resolve("hooks/reconfigure"), TAKE_OVER);
    write(tree.resolve("hab/sup/default/specs/roster.spec"), "ident = \"demo/roster\"\n");
    return new DemoService(tree.resolve("hab/svc/roster/data/members"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Forgets the list of a former run. */
  void forget() throws IOException {
    Files.deleteIfExists(list);
  }

  /**
   * What the service goes by.
   *
   * @param ids of members
   * @param since when it took the list over
   */
  record Roster(List<String> ids, Instant since) {}

  /** Empty as long as it has not started. */
  Optional<Roster> roster() {
    try {
      Instant since = Files.getLastModifiedTime(list).toInstant();
      return Optional.of(new Roster(Files.readAllLines(list), since));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }
}

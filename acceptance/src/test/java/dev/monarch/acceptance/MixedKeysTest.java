package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys, certificates and what is sealed with keys, made by one side and used by the other. */
class MixedKeysTest {
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);

  /** The original looks at its census once a second. */
  private static final Duration APPLIED_WITHIN = Duration.ofSeconds(20);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void whatEitherSealsBothOpenOnceTheyHaveTheKeys() throws IOException {
    Supervisor ours = member(stage.ours("ours").permanent());
    Supervisor original = member(stage.original("original").peer(ours));
    List<Supervisor> members = List.of(ours, original);
    Rings.awaitAgreement(members, "Alive", AGREE_WITHIN);
    for (Supervisor member : members) {
      assertThat(member.svc("load", "acme/web").exit()).isZero();
      awaitEverywhere(List.of(member), "config/app.conf", "port=1");
    }
    // Each side has a user of its own; the group's pair is the original's.
    key(ours, "user", "key", "generate", "alice");
    key(original, "user", "key", "generate", "bob");
    key(original, "svc", "key", "generate", "web.default", "acme");

    Path first = Files.writeString(stage.directory().resolve("first.toml"), "port = 7001\n");
    apply(ours, "1", first, "alice");
    Waiting.until(
        "ours says which key it lacks",
        APPLIED_WITHIN,
        () ->
            new Waiting.Look(
                ours.console().contains("Key not found in cache: " + cacheOf(ours) + "/alice-"),
                ours.tail()));
    members.forEach(this::handOutKeys);
    awaitEverywhere(members, "config/app.conf", "port=7001");

    Path second = Files.writeString(stage.directory().resolve("second.toml"), "port = 7002\n");
    apply(original, "2", second, "bob");
    awaitEverywhere(members, "config/app.conf", "port=7002");

    upload(ours, "3", first, "alice");
    upload(original, "4", second, "bob");
    awaitEverywhere(members, "files/first.toml", "port = 7001\n");
    awaitEverywhere(members, "files/second.toml", "port = 7002\n");
    members.forEach(Supervisor::assertUnharmed);
  }

  @Test
  void theKeysOfAnOriginGoBothWaysByteForByte() {
    List<Supervisor> makers = List.of(stage.ours("ours"), stage.original("original"));
    for (Supervisor maker : makers) {
      String origin = maker.name();
      key(maker, "origin", "key", "generate", origin);
      for (String half : List.of("public", "secret")) {
        String[] export = {"origin", "key", "export", origin, "--type", half};
        assertThat(key(makers.getFirst(), export)).isEqualTo(key(makers.getLast(), export));
      }
    }
  }

  @Test
  void aGatewayOfTheOriginalsSpeaksTlsWithAPairThatOursMade() throws IOException {
    Supervisor ours = stage.ours("ours");
    Path pair = stage.directory().resolve("pair");
    String[] words = {"--subject-alternative-name", "gateway.example", "" + pair};
    must(ours, Stream.concat(Stream.of("sup", "secret", "generate-tls"), Stream.of(words)));
    Supervisor original =
        stage
            .original("original")
            .with("--ctl-server-key", "" + pair, "--ctl-server-certificate", "" + pair)
            .up();
    ours.withEnvironment("HAB_CTL_SECRET", Files.readString(original.file("CTL_SECRET")));
    String[] status = {"svc", "status", "--remote-sup", original.address() + ":9632"};

    for (Supervisor client : List.of(ours, original)) {
      Path settings = client.root().resolve("hab/etc/cli.toml");
      Files.createDirectories(settings.getParent());
      for (String name : List.of("gateway.example", "localhost")) {
        Files.writeString(
            settings,
            "ctl_server_ca_certificate = '%s'\nctl_server_name_indication = '%s'\n"
                .formatted(pair, name));
        assertThat(must(client, Stream.of(status))).contains("No services loaded.");
      }
    }
  }

  private static Supervisor member(Supervisor member) throws IOException {
    SyntheticPackage.install(member, "web");
    PackageFixture.at(member.root(), "acme/web/1.0/20260101000000")
        .config("app.conf", "port={{cfg.port}}")
        .write();
    return member.with("--org", "acme").up();
  }

  private Path keys() {
    return stage.directory().resolve("keys");
  }

  private static Path cacheOf(Supervisor member) {
    return member.root().resolve("hab/cache/keys");
  }

  private String key(Supervisor maker, String... words) {
    return must(maker, Stream.concat(Stream.of(words), Stream.of("--cache-key-path", "" + keys())));
  }

  /** A member needs what opens, and not what seals. */
  private void handOutKeys(Supervisor member) {
    copy(keys(), cacheOf(member), "{alice,bob}-*.pub");
    copy(keys(), cacheOf(member), "web.default@acme-*.box.key");
  }

  private void apply(Supervisor by, String version, Path file, String user) {
    // The original's root looks for keys below the place it is told.
    copy(keys(), keys().resolve("hab/cache/keys"), "*.{pub,key}");
    String[] words = {"config", "apply", "web.default@acme", version, "" + file};
    assertThat(sealing(by, user, words)).contains("Encrypting", "Applied configuration");
  }

  private void upload(Supervisor by, String version, Path file, String user) {
    String[] words = {"file", "upload", "web.default@acme", version, "" + file};
    assertThat(sealing(by, user, words)).contains("Uploaded file");
  }

  private String sealing(Supervisor by, String user, String... words) {
    Stream<String> more =
        Stream.of(
            "--user",
            user,
            "--cache-key-path",
            "" + keys(),
            "--remote-sup",
            by.address() + ":9632");
    return must(by, Stream.concat(Stream.of(words), more));
  }

  private static String must(Supervisor by, Stream<String> words) {
    Command.Ending ending = by.hab(words.toArray(String[]::new));
    assertThat(ending.exit()).as(ending.output()).isZero();
    return ending.output();
  }

  private static void copy(Path from, Path to, String glob) {
    try {
      Files.createDirectories(to);
      try (var files = Files.newDirectoryStream(from, glob)) {
        for (Path file : files) {
          Path copy = to.resolve(file.getFileName());
          if (!Files.exists(copy)) {
            Files.copy(file, copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r--------"));
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot hand out keys", e);
    }
  }

  private static void awaitEverywhere(List<Supervisor> members, String file, String text) {
    for (Supervisor member : members) {
      Service web = new Service(member, "web");
      Waiting.until(
          member + " has " + text.strip() + " in " + file,
          APPLIED_WITHIN,
          () -> {
            String now = web.text(file);
            return new Waiting.Look(now.equals(text), now);
          });
    }
  }
}

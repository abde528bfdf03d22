package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCacheTest {
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path parent;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void aKeyIsWrittenForItsOwnerOnlyIntoADirectoryMadeForIt() throws Exception {
    RingKey key = key("demo", FIRST);

    Path file = cache().write(key);

    assertThat(file).isEqualTo(parent.resolve("cache/keys/demo-20260102030405.sym.key"));
    assertThat(file).hasContent(key.text());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--------");
    assertThat(cache().latest(KeyKind.RING, "demo")).isEqualTo(key);
    try (var files = Files.list(cache().directory())) {
      assertThat(files).as("nothing but the key is left").containsExactly(file);
    }
  }

  @Test
  @Check("crypto-5")
  void theSameKeyMayBeWrittenAgainAndADifferentOneIsRefused() throws Exception {
    RingKey key = key("demo", FIRST);
    Path file = cache().write(key);
    cache().write(key);

    assertThatThrownBy(() -> cache().write(key("demo", FIRST)))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith(
            "Crypto error: Existing key file " + file + " found but new version hash is different");
    assertThat(file).hasContent(key.text());
  }

  @Test
  void aKeyKeptBehindALinkIsTheSameKey() throws Exception {
    RingKey key = key("demo", FIRST);
    Path elsewhere = Files.writeString(parent.resolve("elsewhere"), key.text());
    Files.createDirectories(cache().directory());
    Path link = cache().directory().resolve(key.fileName());
    Files.createSymbolicLink(link, elsewhere);

    cache().write(key);

    assertThat(link).isSymbolicLink();
    assertThat(cache().latest(KeyKind.RING, "demo")).isEqualTo(key);
  }

  @Test
  void theLatestKeyIsTheNewestRevisionOfExactlyThatName() throws Exception {
    RingKey newest = key("core", FIRST.plusSeconds(60));
    cache().write(newest);
    cache().write(key("core", FIRST));
    cache().write(key("core-plans", FIRST.plusSeconds(120)));
    cache().write(key("core-plans-20990101000000", FIRST));
    place("core-99991231235959.sym.key.bak", "no key");
    place("core-9999.sym.key", "no key");
    Files.createDirectory(cache().directory().resolve("core-99990101000000.sym.key"));

    assertThat(cache().latest(KeyKind.RING, "core")).isEqualTo(newest);
    assertThat(warnings).isEmpty();
    assertThatThrownBy(() -> cache().latest(KeyKind.RING, "c*"))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("Crypto error: No revisions found for c*; expected c*-<14 digits>");
  }

  @Test
  @Check("crypto-6")
  void aLongerNameThatBeginsAsTheOneAskedForIsAnother() throws Exception {
    place("core-20260101000000.pub", origin("core-20260101000000"));
    place("core-plans-20200101000000.pub", origin("core-plans-20200101000000"));

    assertThat(cache().latest(KeyKind.SIGNING_PUBLIC, "core").name())
        .hasToString("core-20260101000000");
  }

  @Test
  void publicKeysOfBothKindsLiveSideBySide() throws Exception {
    place("acme-20260101000000.pub", origin("acme-20260101000000"));
    place(
        "acme-20270101000000.pub",
        Published.BUILDER_PUBLIC.replace("20260102030407", "20270101000000"));

    assertThat(cache().latest(KeyKind.SIGNING_PUBLIC, "acme").name())
        .hasToString("acme-20260101000000");
    assertThat(cache().latest(KeyKind.BOX_PUBLIC, "acme").name())
        .hasToString("acme-20270101000000");
    assertThat(warnings).isEmpty();
  }

  @Test
  void ofAPairEverybodyMayReadThePublicKeyAndTheOwnerTheSecretOne() throws Exception {
    var alice = KeyPair.forBoxes("alice", FIRST, new SecureRandom());
    var acme = KeyPair.forSigning("acme", FIRST, new SecureRandom());
    cache().write(alice);
    cache().write(acme);

    assertThat(mode("alice-20260102030405.pub")).isEqualTo("r--r--r--");
    assertThat(mode("alice-20260102030405.box.key")).isEqualTo("r--------");
    assertThat(mode("acme-20260102030405.pub")).isEqualTo("r--r--r--");
    assertThat(mode("acme-20260102030405.sig.key")).isEqualTo("r--------");
    assertThat(cache().latest(KeyKind.BOX_SECRET, "alice")).isEqualTo(alice.secretKey());
    assertThat(cache().exact(KeyKind.SIGNING_PUBLIC, acme.name())).isEqualTo(acme.publicKey());
  }

  @Test
  void aMissingKeyTellsHowToGetOneOfItsKind() {
    assertThatThrownBy(() -> cache().latest(KeyKind.BOX_SECRET, "alice"))
        .hasMessageContaining("alice-<14 digits>.box.key")
        .hasMessageContaining("hab user key generate");
    assertThatThrownBy(() -> cache().latest(KeyKind.SIGNING_SECRET, "acme"))
        .hasMessageContaining("hab origin key generate");
  }

  @Test
  void aNewerFileOfAnotherKindIsPassedOverWithAWarning() throws Exception {
    RingKey key = key("demo", FIRST);
    cache().write(key);
    place("demo-20270102030405.sym.key", key.text().replace("SYM", "BOX"));

    assertThat(cache().latest(KeyKind.RING, "demo")).isEqualTo(key);
    assertThat(warnings).singleElement().asString().contains("demo-20270102030405", "passed over");
  }

  @Test
  void aNewerDamagedKeyIsAnErrorBecauseAnOlderOneWouldPartTheRing() throws Exception {
    cache().write(key("demo", FIRST));
    Path file = place("demo-20270102030405.sym.key", "SYM-SEC-1\ndemo-20270102030405\n\nAAAA");

    assertThatThrownBy(() -> cache().latest(KeyKind.RING, "demo"))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith(
            "Crypto error: Could not parse bytes as key for demo-20270102030405; file " + file);
  }

  @Test
  void aRingWithKeysOfAnotherKindOnlyIsToldSo() throws Exception {
    Path file = place("demo-20270102030405.sym.key", "BOX-SEC-1\n");

    assertThatThrownBy(() -> cache().latest(KeyKind.RING, "demo"))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("Unsupported key version: BOX-SEC-1; file " + file);
  }

  @Test
  void aFileThatHoldsAKeyOfAnotherNameIsUsedWithAWarning() throws Exception {
    RingKey key = key("other", FIRST);
    place("demo-20270102030405.sym.key", key.text());

    assertThat(cache().latest(KeyKind.RING, "demo")).isEqualTo(key);
    assertThat(warnings).singleElement().asString().contains("other-20260102030405");
  }

  @Test
  void aRevisionAskedForIsThatFileOrAnError() throws Exception {
    RingKey key = key("demo", FIRST);
    cache().write(key);
    cache().write(key("demo", FIRST.plusSeconds(60)));

    assertThat(cache().exact(KeyKind.RING, key.name())).isEqualTo(key);
    assertThatThrownBy(
            () -> cache().exact(KeyKind.RING, NamedRevision.parse("demo-20000101000000")))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith(
            "Crypto error: Key not found in cache: %s/demo-20000101000000.sym.key;"
                .formatted(cache().directory()));
  }

  @Test
  void whatIsNotTextOrTooLargeIsNoKey() throws Exception {
    Path file = place("demo-20270102030405.sym.key", "");
    for (byte[] content : List.of(new byte[] {(byte) 0xff}, new byte[100_000])) {
      Files.write(file, content);
      assertThatThrownBy(() -> cache().latest(KeyKind.RING, "demo"))
          .isInstanceOf(KeyException.class)
          .hasMessageStartingWith("Crypto error: Key file " + file + " is not text");
    }
  }

  @Test
  void aNameCannotLeadOutOfTheDirectory() {
    assertThatThrownBy(() -> cache().write(key("../demo", FIRST)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("'../demo-20260102030405.sym.key'");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeUsedIsToldWithItsPath() throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "");
    var cache = new KeyCache(file, warnings::add);

    assertThatThrownBy(() -> cache.latest(KeyKind.RING, "demo"))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith(
            "Crypto error: Cannot list key cache " + file + ": not a directory");
    assertThatThrownBy(() -> cache.write(key("demo", FIRST)))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("Crypto error: Cannot write key file " + file + "/demo-2026");
  }

  @Test
  void theDirectoryIsThatOfTheVariableElseOfTheUser() {
    Path fsRoot = Path.of("/fs");
    Path home = Path.of("/home/a");

    assertThat(KeyCache.defaultDirectory(variable("/k"), fsRoot, true, home))
        .isEqualTo(Path.of("/k"));
    for (var unset : List.of(variable(""), name -> Optional.<String>empty())) {
      assertThat(KeyCache.defaultDirectory(unset, fsRoot, true, home))
          .isEqualTo(Path.of("/fs/hab/cache/keys"));
      assertThat(KeyCache.defaultDirectory(unset, fsRoot, false, home))
          .isEqualTo(Path.of("/home/a/.hab/cache/keys"));
    }
  }

  private static Function<String, Optional<String>> variable(String value) {
    return name -> Optional.ofNullable(Map.of("HAB_CACHE_KEY_PATH", value).get(name));
  }

  private KeyCache cache() {
    return new KeyCache(parent.resolve("cache/keys"), warnings::add);
  }

  private Path place(String fileName, String content) throws IOException {
    Files.createDirectories(cache().directory());
    return Files.write(cache().directory().resolve(fileName), content.getBytes(UTF_8));
  }

  private String mode(String fileName) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(cache().directory().resolve(fileName)));
  }

  private static String origin(String name) {
    return Published.ORIGIN_PUBLIC.replace("acme-20260102030405", name);
  }

  private static RingKey key(String ring, Instant made) {
    return RingKey.generate(ring, made, new SecureRandom());
  }
}

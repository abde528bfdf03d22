package dev.monarch.supervisor.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.crypto.Box;
import dev.monarch.crypto.BoxPublicKey;
import dev.monarch.crypto.BoxSecretKey;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.ServiceGroup;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsealingTest {
  private static final ServiceGroup GROUP = new ServiceGroup("web.default@acme");
  private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");

  private final KeyPair<BoxPublicKey, BoxSecretKey> alice =
      KeyPair.forBoxes("alice", MADE, new SecureRandom());
  private final KeyPair<BoxPublicKey, BoxSecretKey> web =
      KeyPair.forBoxes("web.default@acme", MADE, new SecureRandom());
  private final List<String> said = new ArrayList<>();
  private final List<String> watched = new ArrayList<>();

  @TempDir private Path directory;
  private KeyCache keys;
  private Unsealing unsealing;

  @BeforeEach
  void anEmptyKeyCache() {
    keys = new KeyCache(directory);
    unsealing = new Unsealing(keys, () -> watched.add("keys"), said::add);
  }

  @Test
  void whatIsInClearNeedsNoKeys() throws Exception {
    var clear = new ServiceConfigRumor("operator", GROUP, 3, false, Bytes.utf8("port = 81"));

    assertThat(unsealing.layer(clear).tree()).isEqualTo(Map.of("port", 81L));
    assertThat(unsealing.content(file(3, false, Bytes.utf8("text"))).toUtf8()).isEqualTo("text");
    assertThat(watched).isEmpty();
  }

  @Test
  void whatIsSealedIsOpenedWithTheTwoNamedKeys() throws Exception {
    keys.write(alice.publicKey());
    keys.write(web.secretKey());

    assertThat(unsealing.layer(configuration(3, "port = 81")).tree())
        .isEqualTo(Map.of("port", 81L));
    assertThat(unsealing.content(file(3, true, sealed("text"))).toUtf8()).isEqualTo("text");
    assertThat(unsealing.isAnythingWaiting()).isFalse();
    assertThat(said).isEmpty();
  }

  @Test
  void aMissingKeyIsToldOnceWithItsFileAndTheRemedyAndTheConfigurationWaits() throws Exception {
    assertThatThrownBy(() -> unsealing.layer(configuration(3, "port = 81")))
        .isInstanceOf(KeyException.class);
    assertThatThrownBy(() -> unsealing.layer(configuration(3, "port = 81")))
        .isInstanceOf(KeyException.class);

    assertThat(unsealing.isConfigurationWaiting()).isTrue();
    assertThat(watched).isNotEmpty();
    assertThat(said)
        .containsExactly(
            "Configuration, version 3, is sealed and not applied yet: Crypto error: Key not found"
                + " in cache: "
                + directory
                + "/alice-20260102030405.pub; copy the file there from where the key was made");

    keys.write(alice.publicKey());
    assertThatThrownBy(() -> unsealing.layer(configuration(3, "port = 81")))
        .hasMessageContaining("web.default@acme-20260102030405.box.key");
    assertThat(said).hasSize(2);

    keys.write(web.secretKey());
    assertThat(unsealing.layer(configuration(3, "port = 81")).tree()).containsKey("port");
    assertThat(unsealing.isAnythingWaiting()).isFalse();
  }

  @Test
  void aKeyThatArrivesBetweenTwoLooksIsNotMissed() throws Exception {
    keys.write(alice.publicKey());
    var racing =
        new Unsealing(
            keys,
            () -> {
              try {
                keys.write(web.secretKey());
              } catch (KeyException impossible) {
                throw new AssertionError(impossible);
              }
            },
            said::add);

    assertThat(racing.layer(configuration(3, "port = 81")).tree()).containsKey("port");
    assertThat(said).isEmpty();
    assertThat(racing.isAnythingWaiting()).isFalse();
  }

  @Test
  void otherKeysUnderTheSameNamesDoNotOpenIt() throws Exception {
    keys.write(alice.publicKey());
    keys.write(KeyPair.forBoxes("web.default@acme", MADE, new SecureRandom()).secretKey());

    assertThatThrownBy(() -> unsealing.content(file(7, true, sealed("top secret"))))
        .isInstanceOf(KeyException.class);
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("File a.txt, version 7, is sealed and not applied yet")
        .contains("could not decrypt", "alice-20260102030405", "web.default@acme-20260102030405");
    assertThat(unsealing.isFileWaiting("a.txt")).isTrue();
    assertThat(unsealing.isConfigurationWaiting()).isFalse();
  }

  @Test
  void whatOnlyClaimsToBeSealedIsRefused() {
    var config = new ServiceConfigRumor("operator", GROUP, 3, true, Bytes.utf8("password = 'x'"));

    assertThatThrownBy(() -> unsealing.layer(config)).hasMessageContaining("Unsupported version");
    assertThat(said).singleElement().asString().contains("five lines");
  }

  @Test
  void aNewerConfigurationInClearEndsTheWaiting() throws Exception {
    assertThatThrownBy(() -> unsealing.layer(configuration(3, "port = 81")))
        .isInstanceOf(KeyException.class);

    unsealing.layer(new ServiceConfigRumor("operator", GROUP, 4, false, Bytes.utf8("port = 82")));

    assertThat(unsealing.isAnythingWaiting()).isFalse();
  }

  @Test
  void whatWasSealedIsNeverQuoted() throws Exception {
    keys.write(alice.publicKey());
    keys.write(web.secretKey());

    assertThatThrownBy(() -> unsealing.layer(configuration(3, "password = hunter2")))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("version 3")
        .message()
        .doesNotContain("hunter2");
  }

  private ServiceConfigRumor configuration(long version, String toml) throws KeyException {
    return new ServiceConfigRumor("operator", GROUP, version, true, sealed(toml));
  }

  private static ServiceFileRumor file(long version, boolean encrypted, Bytes body) {
    return new ServiceFileRumor("operator", GROUP, version, encrypted, "a.txt", body);
  }

  private Bytes sealed(String text) throws KeyException {
    return Bytes.of(Box.seal(text.getBytes(UTF_8), alice.secretKey(), web.publicKey()).text());
  }
}

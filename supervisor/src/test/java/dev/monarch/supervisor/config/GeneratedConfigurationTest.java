package dev.monarch.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

class GeneratedConfigurationTest {
  private static final Map<String, String> TREE = Map.of("FS_ROOT", "/a \"tree\"", "HOME", "/me");

  private static String generate(SupervisorOptions options) {
    return GeneratedConfiguration.text(options, TREE);
  }

  @Test
  void isTomlInWhichEveryKeyStandsWithItsHelp() {
    String text = generate(SupervisorOptions.NONE);
    assertThat(Toml.parse(text).errors()).isEmpty();
    assertThat(text)
        .contains(
            "###  The listen address for the Gossip Gateway.\nlisten_gossip = \"0.0.0.0:9638\"\n");
    for (SupervisorOption option : SupervisorOption.values()) {
      Optional<String> key = option.key().filter(shown -> !option.hidden());
      key.ifPresent(name -> assertThat(text).containsPattern("(?m)^(# )?" + name + " = "));
    }
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(92));
  }

  @Test
  void hasTheOriginalsKeysAndDefaults() {
    TomlParseResult toml = Toml.parse(generate(SupervisorOptions.NONE));
    assertThat(toml.getString("listen_http")).isEqualTo("0.0.0.0:9631");
    assertThat(toml.getString("listen_ctl")).isEqualTo("127.0.0.1:9632");
    assertThat(toml.getLong("service_restart_cooldown_period")).isEqualTo(300);
    assertThat(toml.getBoolean("permanent_peer")).isFalse();
    assertThat(toml.getArrayOrEmpty("peer").toList()).isEmpty();
    assertThat(toml.getString("update_condition")).isEqualTo("latest");
  }

  @Test
  void showsWhatIsGivenButNoSecret() {
    SupervisorOptions options =
        SupervisorOptions.builder()
            .give(SupervisorOption.PERMANENT_PEER)
            .giveAll(SupervisorOption.PEER, List.of("a", "b"))
            .give(SupervisorOption.PEER_WATCH_FILE, "a\\b\t\"c\"")
            .give(SupervisorOption.EVENT_STREAM_TOKEN, "secret")
            .give(SupervisorOption.RING_KEY, "secret")
            .build();
    String text = generate(options);
    TomlParseResult toml = Toml.parse(text);
    assertThat(toml.errors()).isEmpty();
    assertThat(toml.getBoolean("permanent_peer")).isTrue();
    assertThat(toml.getArrayOrEmpty("peer").toList()).isEqualTo(List.of("a", "b"));
    assertThat(toml.getString("peer_watch_file")).isEqualTo("a\\b\t\"c\"");
    assertThat(text).doesNotContain("secret");
  }

  @Test
  void noTwoOptionsShareAFlagOrAKey() {
    List<String> names =
        Arrays.stream(SupervisorOption.values())
            .flatMap(
                option ->
                    java.util.stream.Stream.of(
                            Optional.of(option.flag()), option.shortFlag(), option.key())
                        .flatMap(Optional::stream))
            .toList();
    assertThat(names).doesNotHaveDuplicates();
  }
}

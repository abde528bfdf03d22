package dev.monarch.supervisor.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.layers.Layer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLayersTest {
  @TempDir private Path directory;

  private static Layer layer(Kind kind, String toml) throws TreeException {
    return new Layer(kind, "test", TomlTree.parse(toml, "test"));
  }

  private static ConfigurationLayers layers(Layer... layers) {
    ConfigurationLayers all = ConfigurationLayers.NONE;
    for (Layer layer : layers) {
      all = all.with(layer);
    }
    return all;
  }

  @Test
  @Check("supervisor-48")
  void gossipWinsOverUserAndUserOverEnvironmentAndEnvironmentOverDefaults() throws Exception {
    Files.writeString(directory.resolve("default.toml"), "port = 80");
    Files.writeString(directory.resolve("user.toml"), "port = 81");
    Layer environment = Layer.environment("web", Map.of("HAB_WEB", "port=82")).orElseThrow();

    ConfigurationLayers all =
        layers(
            Layer.gossip("port = 83", 1),
            Layer.user(directory.resolve("user.toml")).orElseThrow(),
            environment,
            Layer.defaults(directory).orElseThrow());

    assertThat(all.merged()).isEqualTo(Map.of("port", 83L));
    assertThat(all.without(Kind.GOSSIP).merged()).isEqualTo(Map.of("port", 81L));
    assertThat(all.without(Kind.GOSSIP).without(Kind.USER).merged()).isEqualTo(Map.of("port", 82L));
    assertThat(all.mergedUpTo(Kind.DEFAULT)).isEqualTo(Map.of("port", 80L));
  }

  @Test
  @Check("supervisor-49")
  void theEnvironmentMaySpeakJson() throws TreeException {
    Layer layer =
        Layer.environment("web", Map.of("HAB_WEB", "{\"port\":84,\"l\":[1.5,{\"a\":true}]}"))
            .orElseThrow();

    assertThat(layer.tree()).isEqualTo(Map.of("port", 84L, "l", List.of(1.5, Map.of("a", true))));
  }

  @Test
  @Check("supervisor-50")
  void oneInnerKeyIsReplacedAndItsSiblingsStay() throws TreeException {
    ConfigurationLayers all =
        layers(
            layer(Kind.DEFAULT, "list = [1, 2, 3]\n[log]\nlevel = 'info'\nfile = 'a.log'"),
            layer(Kind.USER, "list = [9]\n[log]\nlevel = 'debug'"));

    assertThat(all.merged())
        .isEqualTo(Map.of("log", Map.of("level", "debug", "file", "a.log"), "list", List.of(9L)));
  }

  @Test
  void aHigherValueReplacesALowerOneOfAnotherType() throws TreeException {
    ConfigurationLayers all =
        layers(layer(Kind.DEFAULT, "a = 1\nb.c = 1"), layer(Kind.USER, "a.x = 1\nb = 'text'"));

    assertThat(all.merged()).isEqualTo(Map.of("a", Map.of("x", 1L), "b", "text"));
  }

  @Test
  void keysKeepTheOrderOfTheLowestLayerAndNewOnesFollow() throws TreeException {
    ConfigurationLayers all =
        layers(layer(Kind.DEFAULT, "z = 1\na = 1"), layer(Kind.USER, "b = 1\na = 2"));

    assertThat(all.merged().keySet()).containsExactly("z", "a", "b");
  }

  @Test
  void aLayerThatNestsTooDeeplyIsLeftOutAsAWhole() throws TreeException {
    String deep = "port = 1\nt" + ".t".repeat(ConfigurationLayers.TABLES_MAX) + ".k = 1";
    String allowed = "u" + ".t".repeat(ConfigurationLayers.TABLES_MAX) + " = 1";

    ConfigurationLayers all =
        layers(
            layer(Kind.DEFAULT, "port = 80"), layer(Kind.USER, deep), layer(Kind.GOSSIP, allowed));

    assertThat(all.merged()).containsEntry("port", 80L).containsKey("u").doesNotContainKey("t");
    assertThat(all.problems())
        .singleElement()
        .asString()
        .startsWith("Error merging user-cfg into config, ");
  }

  @Test
  @Check("supervisor-51")
  void aBrokenUserFileIsReportedWithItsPathSoThatTheOldValuesCanStay() throws Exception {
    Path user = directory.resolve("user.toml");
    Files.writeString(user, "port = 81");
    ConfigurationLayers all = layers(Layer.user(user).orElseThrow());

    Files.writeString(user, "port = ");

    assertThatThrownBy(() -> Layer.user(user))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining(user.toString());
    assertThat(all.merged()).isEqualTo(Map.of("port", 81L));
  }

  @Test
  void aMissingFileIsNoLayerAndAnUnreadableOneAComplaint() throws Exception {
    assertThat(Layer.defaults(directory)).isEmpty();
    Files.createDirectory(directory.resolve("user.toml"));

    assertThatThrownBy(() -> Layer.user(directory.resolve("user.toml")))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("expected a file, found a directory");
  }

  @Test
  void bytesThatAreNotUtf8AreAComplaint() throws IOException {
    Path user = directory.resolve("user.toml");
    Files.write(user, new byte[] {'a', '=', '"', (byte) 0xff, '"'});

    assertThatThrownBy(() -> Layer.user(user)).hasMessageContaining("expected UTF-8 text in ");
  }

  @Test
  void theVariableOfAPackageIsUpperCaseWithUnderscores() throws TreeException {
    assertThat(Layer.environment("my-app", Map.of("HAB_MY_APP", "a = 1"))).isPresent();
    assertThat(Layer.environment("my-app", Map.of("HAB_APP", "a = 1"))).isEmpty();
  }

  @Test
  void variablesThatTheSupervisorObeysAreNobodysConfiguration() throws TreeException {
    assertThat(Layer.environment("ring", Map.of("HAB_RING", "live"))).isEmpty();
    assertThat(Layer.environment("bldr-url", Map.of("HAB_BLDR_URL", "https://x"))).isEmpty();
    assertThat(Layer.environment("feat-list", Map.of("HAB_FEAT_LIST", "1"))).isEmpty();
  }

  @Test
  void aVariableThatIsNeitherTomlNorJsonIsAComplaint() {
    assertThatThrownBy(() -> Layer.environment("web", Map.of("HAB_WEB", "well, no")))
        .hasMessageContaining("HAB_WEB");
    assertThatThrownBy(() -> Layer.environment("web", Map.of("HAB_WEB", "{\"a\":}")))
        .hasMessageContaining("expected JSON in HAB_WEB, found at line 1");
    assertThatThrownBy(() -> Layer.environment("web", Map.of("HAB_WEB", "{\"a\":null}")))
        .hasMessageContaining("null for a");
    assertThatThrownBy(
            () -> Layer.environment("web", Map.of("HAB_WEB", "{\"a\":" + "9".repeat(30) + "}")))
        .isInstanceOf(TreeException.class);
  }

  @Test
  void eachLayerTellsWhereItCameFrom() throws Exception {
    Path user = directory.resolve("user.toml");
    Files.writeString(user, "port = 81");

    ConfigurationLayers all = layers(Layer.gossip("a = 1", 7)).with(Kind.USER, Layer.user(user));

    assertThat(all.layer(Kind.USER).map(Layer::source)).contains(user.toString());
    assertThat(all.layer(Kind.GOSSIP).orElseThrow().source()).contains("version 7");
    assertThat(all.with(Kind.USER, Optional.empty()).layer(Kind.USER)).isEmpty();
  }
}

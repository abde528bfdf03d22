package dev.monarch.supervisor.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TomlTreeTest {
  @Test
  void aTextBecomesATreeOfPlainValuesInItsOrder() throws TreeException {
    Map<String, Object> tree =
        TomlTree.parse("z = 1\na = [1.5, true]\n[t]\nk = 'v'\n[[rows]]\nn = 1\n", "default.toml");

    assertThat(tree.keySet()).containsExactly("z", "a", "t", "rows");
    assertThat(tree)
        .containsEntry("z", 1L)
        .containsEntry("a", List.of(1.5, true))
        .containsEntry("t", Map.of("k", "v"))
        .containsEntry("rows", List.of(Map.of("n", 1L)));
  }

  @Test
  void aTreeCannotBeChanged() throws TreeException {
    Map<String, Object> tree = TomlTree.parse("a = 1", "test");

    assertThatThrownBy(() -> tree.put("a", 2L)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aComplaintNamesSourceLineAndColumnInOneLine() {
    assertThatThrownBy(() -> TomlTree.parse("port = 80\nhost = \n", "/hab/user.toml"))
        .isInstanceOf(TreeException.class)
        .hasMessageMatching("expected TOML in /hab/user.toml, found at line 2, column \\d+: .*");
  }

  @Test
  void aTextThatNestsThousandsOfLevelsIsRefused() {
    String brackets = "a = " + "[".repeat(20_000) + "]".repeat(20_000);
    String dots = "a" + ".a".repeat(20_000) + " = 1";

    assertThatThrownBy(() -> TomlTree.parse(brackets, "x")).isInstanceOf(TreeException.class);
    assertThatThrownBy(() -> TomlTree.parse(dots, "x")).isInstanceOf(TreeException.class);
  }

  @Test
  void aTextThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> TomlTree.parse("#".repeat(1 << 21), "big.toml"))
        .hasMessageContaining("big.toml");
  }
}

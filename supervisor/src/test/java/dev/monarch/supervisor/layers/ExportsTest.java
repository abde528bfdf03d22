package dev.monarch.supervisor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExportsTest {
  @Test
  void anExportIsTheValueAtItsPath() throws TreeException {
    Map<String, Object> configuration =
        TomlTree.parse("port = 80\n[server]\nhost = 'a'\n[server.tls]\non = true\n", "test");
    var exports = new LinkedHashMap<String, String>();
    exports.put("tls", "server.tls");
    exports.put("port", "port");
    exports.put("host", "server.host");

    assertThat(Exports.text(exports, configuration))
        .isEqualTo("port = 80\nhost = \"a\"\n\n[tls]\non = true\n");
  }

  @Test
  void whatIsMissingIsLeftOutEvenInTheMiddleOfAPath() throws TreeException {
    Map<String, Object> configuration = TomlTree.parse("a.b = 1\nc = 2", "test");

    assertThat(
            Exports.of(
                Map.of("x", "a.missing.b", "y", "c.d", "z", "none", "empty", ""), configuration))
        .isEmpty();
  }
}

package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything a rendering depends on, as it was when the rendering was asked for.
 *
 * @param pkg {@code pkg} of templates
 * @param group this service's own
 * @param binds groups of satisfied binds, by the bind's name
 */
record RenderRequest(
    SysFacts sys,
    Map<String, Object> pkg,
    ConfigurationLayers layers,
    CensusGroup group,
    Map<String, CensusGroup> binds) {
  RenderRequest {
    binds = Collections.unmodifiableMap(new LinkedHashMap<>(binds));
  }

  /** Takes a moment: what members export is parsed here. */
  Map<String, Object> context() {
    return RenderContext.of(sys.context(), pkg, layers.merged(), group, sys.memberId(), binds);
  }
}

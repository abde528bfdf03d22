package dev.monarch.supervisor.layers;

import dev.monarch.supervisor.layers.Layer.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of one service: up to four layers and what they add up to (supervisor.md 6.1
 * and 6.2).
 *
 * <p>Tables merge key by key, whatever their depth. Everything else in a higher layer replaces what
 * is below it: text, numbers, times, lists, and also values of another type. Keys stay in the order
 * of the lowest layer that has them, new ones follow. No layer can remove a key.
 *
 * <p>A layer whose tables nest too deeply is left out as a whole and {@linkplain #problems() said
 * so}; the original merges half of it (supervisor.md 14.1 row 16).
 */
public final class ConfigurationLayers {
  /** The original's limit; whoever configures one service that deeply is lost anyway. */
  public static final int TABLES_MAX = 30;

  /** No layer at all. */
  public static final ConfigurationLayers NONE = new ConfigurationLayers(new TreeMap<>());

  private final SortedMap<Kind, Layer> layers;
  private final Map<String, Object> merged;
  private final List<String> problems;

  private ConfigurationLayers(SortedMap<Kind, Layer> layers) {
    this.layers = Collections.unmodifiableSortedMap(layers);
    var complaints = new ArrayList<String>();
    for (Layer layer : layers.values()) {
      if (isTooDeep(layer)) {
        complaints.add(
            "Error merging %s-cfg into config, expected at most %d tables inside each other, found %d in %s; flatten it"
                .formatted(layer.kind(), TABLES_MAX, Trees.depth(layer.tree()), layer.source()));
      }
    }
    this.problems = List.copyOf(complaints);
    this.merged = mergedUpTo(Kind.GOSSIP);
  }

  private static boolean isTooDeep(Layer layer) {
    return Trees.depth(layer.tree()) > TABLES_MAX;
  }

  /** True for a layer that is there and nests too deeply to count. */
  public boolean isLeftOut(Kind kind) {
    return layer(kind).filter(ConfigurationLayers::isTooDeep).isPresent();
  }

  /** These layers with this one in the place of the one of its kind. */
  public ConfigurationLayers with(Layer layer) {
    var changed = new TreeMap<>(layers);
    changed.put(layer.kind(), layer);
    return new ConfigurationLayers(changed);
  }

  /** These layers without the one of this kind. */
  public ConfigurationLayers without(Kind kind) {
    var changed = new TreeMap<>(layers);
    changed.remove(kind);
    return new ConfigurationLayers(changed);
  }

  /** These layers with this one of its kind, or with none of it. */
  public ConfigurationLayers with(Kind kind, Optional<Layer> layer) {
    return layer.map(this::with).orElseGet(() -> without(kind));
  }

  public Optional<Layer> layer(Kind kind) {
    return Optional.ofNullable(layers.get(kind));
  }

  /** What all layers add up to. */
  public Map<String, Object> merged() {
    return merged;
  }

  /** What the layers up to this one add up to; install hooks see those below gossip only. */
  public Map<String, Object> mergedUpTo(Kind highest) {
    Map<String, Object> tree = Map.of();
    for (Layer layer : layers.values()) {
      if (layer.kind().compareTo(highest) <= 0 && !isTooDeep(layer)) {
        tree = merge(tree, layer.tree());
      }
    }
    return tree;
  }

  /** One line for each layer that is left out. */
  public List<String> problems() {
    return problems;
  }

  private static Map<String, Object> merge(Map<?, ?> lower, Map<?, ?> higher) {
    var tree = new LinkedHashMap<String, Object>();
    lower.forEach((key, value) -> tree.put((String) key, value));
    higher.forEach(
        (key, value) -> {
          Object replacement =
              tree.get((String) key) instanceof Map<?, ?> below && value instanceof Map<?, ?> table
                  ? merge(below, table)
                  : value;
          tree.put((String) key, replacement);
        });
    return Collections.unmodifiableMap(tree);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfigurationLayers that && layers.equals(that.layers);
  }

  @Override
  public int hashCode() {
    return layers.hashCode();
  }

  @Override
  public String toString() {
    return layers.values().toString();
  }
}

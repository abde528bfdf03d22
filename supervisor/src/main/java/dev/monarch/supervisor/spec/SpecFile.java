package dev.monarch.supervisor.spec;

import dev.monarch.packages.MalformedIdentException;
import dev.monarch.packages.PackageIdent;
import dev.monarch.ring.disk.AtomicFile;
import dev.monarch.supervisor.disk.TextFile;
import dev.monarch.supervisor.layers.TomlText;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text of a spec, as the original reads and writes it (supervisor.md 3.1 and 3.2).
 *
 * <p>Only {@code ident} is required. Keys nobody knows are kept, so that an older or newer
 * Supervisor finds its own again; the original drops them.
 */
final class SpecFile {
  /** A spec has some 300 bytes; this leaves room for many binds. */
  private static final int BYTES_MAX = 64 * 1024;

  private static final List<String> KEYS =
      List.of(
          "ident",
          "group",
          "bldr_url",
          "channel",
          "topology",
          "update_strategy",
          "update_condition",
          "binds",
          "binding_mode",
          "config_from",
          "desired_state",
          "shutdown_timeout",
          "svc_encrypted_password",
          "health_check_interval");

  private final String source;
  private final Map<String, Object> tree;

  private SpecFile(String source, Map<String, Object> tree) {
    this.source = source;
    this.tree = tree;
  }

  /** Empty if there is no such file. */
  static Optional<ServiceSpec> read(Path file) throws SpecException {
    Optional<String> text;
    try {
      text = TextFile.read(file, BYTES_MAX);
    } catch (IOException unreadable) {
      throw new SpecException(String.valueOf(unreadable.getMessage()));
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(parse(text.get(), file.toString()));
  }

  static ServiceSpec parse(String text, String source) throws SpecException {
    try {
      return new SpecFile(source, TomlTree.parse(text, source)).spec();
    } catch (TreeException notToml) {
      throw new SpecException(String.valueOf(notToml.getMessage()));
    } catch (IllegalArgumentException invalid) {
      throw new SpecException(invalid.getMessage() + " in " + source + "; correct it");
    }
  }

  /** Replaces the file as a whole; only its owner can read it. */
  static void write(Path file, ServiceSpec spec) throws IOException {
    AtomicFile.writeOrSay(file, text(spec).getBytes(StandardCharsets.UTF_8));
  }

  static String text(ServiceSpec spec) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("ident", spec.ident().toString());
    tree.put("group", spec.group());
    tree.put("bldr_url", spec.builderUrl());
    tree.put("channel", spec.channel());
    tree.put("topology", word(spec.topology()));
    tree.put("update_strategy", word(spec.updateStrategy()));
    tree.put("update_condition", word(spec.updateCondition()));
    tree.put("binds", spec.binds().stream().map(ServiceBind::toString).toList());
    tree.put("binding_mode", word(spec.bindingMode()));
    spec.configFrom().ifPresent(path -> tree.put("config_from", path.toString()));
    tree.put("desired_state", word(spec.desiredState()));
    spec.shutdownTimeout().ifPresent(time -> tree.put("shutdown_timeout", time.toSeconds()));
    spec.encryptedPassword().ifPresent(text -> tree.put("svc_encrypted_password", text));
    tree.putAll(spec.unknownKeys());
    var interval = new LinkedHashMap<String, Object>();
    interval.put("secs", spec.healthCheckInterval().toSeconds());
    interval.put("nanos", (long) spec.healthCheckInterval().toNanosPart());
    tree.put("health_check_interval", interval);
    return TomlText.write(tree);
  }

  private ServiceSpec spec() throws SpecException {
    ServiceSpec standard = ServiceSpec.of(ident());
    return new ServiceSpec(
        standard.ident(),
        text("group").orElse(standard.group()),
        text("bldr_url").orElse(standard.builderUrl()),
        text("channel").orElse(standard.channel()),
        choice("topology", Topology.values()).orElse(standard.topology()),
        choice("update_strategy", UpdateStrategy.values()).orElse(standard.updateStrategy()),
        choice("update_condition", UpdateCondition.values()).orElse(standard.updateCondition()),
        binds(),
        choice("binding_mode", BindingMode.values()).orElse(standard.bindingMode()),
        text("config_from").map(Path::of),
        choice("desired_state", DesiredState.values()).orElse(standard.desiredState()),
        value("shutdown_timeout", Long.class, "a whole number of seconds").map(Duration::ofSeconds),
        text("svc_encrypted_password"),
        interval().orElse(standard.healthCheckInterval()),
        unknownKeys());
  }

  private PackageIdent ident() throws SpecException {
    String text =
        text("ident")
            .orElseThrow(
                () ->
                    new SpecException(
                        "expected ident = \"origin/name\" in %s, found no ident; add it"
                            .formatted(source)));
    try {
      return PackageIdent.parse(text);
    } catch (MalformedIdentException malformed) {
      throw new SpecException("%s: ident in %s".formatted(malformed.getMessage(), source));
    }
  }

  private List<ServiceBind> binds() throws SpecException {
    var binds = new ArrayList<ServiceBind>();
    for (Object element : value("binds", List.class, "a list of binds").orElse(List.of())) {
      binds.add(bind(element));
    }
    return binds;
  }

  /** A group may stand behind the name of an environment that old versions knew. */
  private ServiceBind bind(Object element) throws SpecException {
    if (element instanceof String text && text.indexOf(':') > 0) {
      int colon = text.indexOf(':');
      Optional<ServiceGroup> group = ServiceGroup.parse(text.substring(colon + 1));
      if (group.isPresent()) {
        return new ServiceBind(text.substring(0, colon), group.get());
      }
    }
    throw unexpected("binds", "binds such as \"db:postgres.default\"", element);
  }

  private Optional<Duration> interval() throws SpecException {
    String expected = "a table with secs and nanos";
    Optional<Map<?, ?>> table =
        value("health_check_interval", Map.class, expected).map(found -> (Map<?, ?>) found);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    if (table.get().get("secs") instanceof Long seconds
        && (!table.get().containsKey("nanos") || table.get().get("nanos") instanceof Long)) {
      long nanos = table.get().get("nanos") instanceof Long found ? found : 0;
      if (seconds >= 0 && nanos >= 0 && nanos < 1_000_000_000L) {
        return Optional.of(Duration.ofSeconds(seconds, nanos));
      }
    }
    throw unexpected("health_check_interval", expected, table.get());
  }

  private Map<String, Object> unknownKeys() {
    var unknown = new LinkedHashMap<String, Object>(tree);
    unknown.keySet().removeAll(KEYS);
    return unknown;
  }

  private Optional<String> text(String key) throws SpecException {
    return value(key, String.class, "a text in quotes");
  }

  private <E extends Enum<E>> Optional<E> choice(String key, E[] choices) throws SpecException {
    Optional<String> found = text(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(choices)
            .filter(choice -> word(choice).equalsIgnoreCase(found.get()))
            .findFirst()
            .orElseThrow(
                () ->
                    unexpected(
                        key,
                        Arrays.stream(choices)
                            .map(SpecFile::word)
                            .collect(Collectors.joining(" or ")),
                        found.get())));
  }

  private <T> Optional<T> value(String key, Class<T> type, String expected) throws SpecException {
    Object found = tree.get(key);
    if (found == null) {
      return Optional.empty();
    }
    if (!type.isInstance(found)) {
      throw unexpected(key, expected, found);
    }
    return Optional.of(type.cast(found));
  }

  private SpecException unexpected(String key, String expected, Object found) {
    return new SpecException(
        "expected %s for %s in %s, found %s; correct it"
            .formatted(expected, key, source, TomlText.writeValue(found)));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

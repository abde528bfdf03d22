package dev.monarch.supervisor.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What names mean inside a block. */
final class Scope {
  /** {@code this}. */
  private @Nullable Object value;

  /** {@code @index} and its like. */
  private Map<String, Object> locals = Map.of();

  /** {@code as |value key|}, and what a partial was given by name. */
  private Map<String, @Nullable Object> parameters = Map.of();

  private final Map<String, Body> partials = new HashMap<>();

  Scope(@Nullable Object value) {
    this.value = value;
  }

  @Nullable Object value() {
    return value;
  }

  Map<String, Object> locals() {
    return locals;
  }

  Map<String, @Nullable Object> parameters() {
    return parameters;
  }

  Map<String, Body> partials() {
    return partials;
  }

  /** The block goes on with this value, and what is known about it. */
  void next(
      @Nullable Object element, Map<String, Object> known, Map<String, @Nullable Object> given) {
    value = element;
    locals = known;
    parameters = given;
  }
}

package dev.monarch.supervisor.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What stands in a tag or between parentheses: a name, parameters, and named parameters.
 *
 * @param name a helper's or partial's name as text, or a path that may turn out to be either a
 *     helper's name or a value, or a call whose result is the name
 */
record Call(Parameter name, List<Parameter> parameters, SequencedMap<String, Parameter> hash) {
  Call {
    parameters = List.copyOf(parameters);
    hash = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(hash));
  }

  static Call of(Parameter name) {
    return new Call(name, List.of(), new LinkedHashMap<>());
  }

  boolean isNameOnly() {
    return parameters.isEmpty() && hash.isEmpty();
  }
}

package dev.monarch.supervisor.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call with its parameters evaluated.
 *
 * @param names the block parameters
 * @param body absent if the helper is not called as a block
 */
record Invocation(
    String name,
    List<Argument> arguments,
    Map<String, @Nullable Object> hash,
    List<String> names,
    Optional<Body> body,
    Optional<Body> otherwise) {

  /**
   * A parameter's value.
   *
   * @param written how the template says it, for messages
   */
  record Argument(@Nullable Object value, String written) {
    @Override
    public String toString() {
      String shown = Values.shown(value);
      return shown.equals(written) ? shown : written + " is " + shown;
    }
  }

  /** The parameter's value; it must be given, but may be null. */
  @Nullable Object value(int index) throws RenderFault {
    return argument(index).value();
  }

  Argument argument(int index) throws RenderFault {
    if (index >= arguments.size()) {
      throw new RenderFault(
          "Helper/Decorator " + name + " param at index " + index + " required but not found");
    }
    return arguments.get(index);
  }

  /** The parameter's value, which must be a text. */
  String text(int index) throws RenderFault {
    Argument argument = argument(index);
    return Values.text(argument.value()).orElseThrow(() -> mismatch(index, "string", argument));
  }

  List<?> list(int index) throws RenderFault {
    Argument argument = argument(index);
    if (argument.value() instanceof List<?> list) {
      return list;
    }
    throw mismatch(index, "array", argument);
  }

  private RenderFault mismatch(int index, String type, Argument argument) {
    return new RenderFault(
        "Helper/Decorator "
            + name
            + " param with name "
            + index
            + " type mismatch for "
            + type
            + ": "
            + argument);
  }
}

package dev.monarch.supervisor.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands for a value in a tag. */
sealed interface Parameter {
  /** How the parameter is written, for messages. */
  String written();

  /** A JSON value; null is JSON's null. */
  record Literal(@Nullable Object value, String written) implements Parameter {
    static Literal name(String text) {
      return new Literal(text, text);
    }
  }

  /**
   * A value of the context: {@code a.b}, {@code ../a}, {@code @root.a}, {@code this}.
   *
   * @param fromRoot begin at the top of the context
   * @param up how many blocks to leave before beginning
   */
  record Path(boolean fromRoot, int up, List<String> names, String written) implements Parameter {
    public Path {
      names = List.copyOf(names);
    }
  }

  /** What a block knows of itself: {@code @index}, {@code @../key}. */
  record Local(int up, String name, String written) implements Parameter {}

  /** {@code (helper a b)}. */
  record Subexpression(Call call, String written) implements Parameter {}
}

package dev.monarch.supervisor.template;

import java.util.List;
import java.util.Optional;

/** One piece of a compiled template. What it is called with is a {@link Call}. */
sealed interface Element {
  /** Where the element begins; faults while it renders are reported here. */
  Place at();

  /** Printed as it is. White space that the dialect removes is gone already. */
  record Text(Place at, String text) implements Element {}

  /** {@code {{x}}}, {@code {{helper x}}}. */
  record Expression(Place at, Call call) implements Element {}

  /**
   * {@code {{#helper x}} … {{else}} … {{/helper}}}, and a raw block. An {@code else if} is a block
   * that is alone in {@code otherwise}.
   *
   * @param names the block parameters, {@code as |value key|}: none, one or two
   * @param ownLine the opening tag stands alone on its line
   */
  record Block(
      Place at, Call call, List<String> names, Body body, Optional<Body> otherwise, boolean ownLine)
      implements Element {
    public Block {
      names = List.copyOf(names);
    }
  }

  /**
   * {@code {{> name}}} and {@code {{#> name}} … {{/name}}}.
   *
   * @param content what is between the tags of the second form
   * @param indent the blanks before the tag, which every line of the partial gets
   */
  record Partial(
      Place at, Call call, Optional<Body> content, Optional<String> indent, boolean ownLine)
      implements Element {}

  /** {@code {{#*inline "name"}} … {{/inline}}}; without content {@code {{* … }}}. */
  record Decorator(Place at, Call call, Optional<Body> content) implements Element {}
}

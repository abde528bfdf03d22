package dev.monarch.supervisor.template;

/** What one rendering may use up, so that no template can exhaust memory, stack or patience. */
final class Budget {
  /** Far beyond any configuration file; texts made on the way to the output count as well. */
  static final int CHARACTERS_MAX = 16 * 1024 * 1024;

  /** Elements rendered and helpers called: about a second of work. */
  static final int STEPS_MAX = 1_000_000;

  /** Blocks and partials within each other; only a partial that includes itself comes near. */
  static final int DEPTH_MAX = 200;

  private int characters;
  private int steps;
  private int depth;

  void characters(int count) throws RenderFault {
    if (count > CHARACTERS_MAX - characters) {
      throw new RenderFault(
          "more than " + CHARACTERS_MAX + " characters of output: look for a loop in a loop");
    }
    characters += count;
  }

  void step() throws RenderFault {
    if (steps == STEPS_MAX) {
      throw new RenderFault("more than " + STEPS_MAX + " steps: look for a loop in a loop");
    }
    steps++;
  }

  void enter() throws RenderFault {
    if (depth == DEPTH_MAX) {
      throw new RenderFault(
          "blocks and partials are nested deeper than "
              + DEPTH_MAX
              + ": look for a partial that includes itself");
    }
    depth++;
  }

  void leave() {
    depth--;
  }
}

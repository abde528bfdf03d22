package dev.monarch.supervisor.template;

import org.jspecify.annotations.Nullable;

/** What a name in front of parameters does. The four kinds differ in what they yield. */
sealed interface Helper {
  /** Yields a value, which keeps its type as a parameter and is printed otherwise. */
  @FunctionalInterface
  non-sealed interface Function extends Helper {
    @Nullable Object value(Invocation call) throws RenderFault;
  }

  /** Yields a truth, and as a block chooses between its branches by it. */
  @FunctionalInterface
  non-sealed interface Condition extends Helper {
    boolean holds(Invocation call) throws RenderFault;
  }

  /** Yields text. */
  @FunctionalInterface
  non-sealed interface Writer extends Helper {
    void write(Invocation call, Output output) throws RenderFault;
  }

  /** Renders its branches as it likes. */
  @FunctionalInterface
  non-sealed interface Flow extends Helper {
    void run(Invocation call, Renderer renderer, Output output)
        throws RenderFault, TemplateException;
  }
}

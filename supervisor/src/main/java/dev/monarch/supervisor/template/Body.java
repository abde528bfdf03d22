package dev.monarch.supervisor.template;

import java.util.List;

/**
 * Elements in order: a whole template, or what stands between two tags.
 *
 * @param template the template whose text this is
 * @param whole it is all of the template
 */
record Body(String template, boolean whole, List<Element> elements) {
  Body {
    elements = List.copyOf(elements);
  }
}

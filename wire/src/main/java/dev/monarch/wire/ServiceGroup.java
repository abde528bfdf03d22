package dev.monarch.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service group in its canonical text, {@code service.group} or {@code service.group@org}
 * (butterfly.md 2.4).
 */
public record ServiceGroup(String text) {
  private static final Pattern FORM =
      Pattern.compile("(?:[^#@.]+\\.[^#@.]+#)?(([^#@.]+)\\.([^#@.]+)(?:@([^#@.]+))?)");

  public ServiceGroup {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a service group such as web.default or web.default@org, found \""
              + text
              + "\"");
    }
    text = matcher.group(1);
  }

  /** The group, without a leading {@code application.environment#}; empty if the form is wrong. */
  public static Optional<ServiceGroup> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ServiceGroup(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}

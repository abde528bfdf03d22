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

  public String service() {
    return text.substring(0, text.indexOf('.'));
  }

  public String group() {
    int at = text.indexOf('@');
    return text.substring(text.indexOf('.') + 1, at < 0 ? text.length() : at);
  }

  public Optional<String> organization() {
    int at = text.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.monarch.crypto;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one revision of a key, written {@code name-YYYYMMDDhhmmss}. The last hyphen divides,
 * so names may hold hyphens themselves; the original does not ask whether the digits are a date.
 *
 * @param name one or more characters of one line
 * @param revision when the key was made, 14 digits, UTC
 */
public record NamedRevision(String name, String revision) {
  private static final Pattern FORM = Pattern.compile("([^\\n]+)-([0-9]{14})");
  private static final DateTimeFormatter REVISION =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * @throws IllegalArgumentException if the parts, joined, would not be read back as they are
   */
  public NamedRevision {
    if (!FORM.matcher(name + "-" + revision).matches() || !revision.matches("[0-9]{14}")) {
      throw new IllegalArgumentException(
          "A key needs a name of one line and a revision of 14 digits, not '%s' and '%s'"
              .formatted(KeyException.quote(name), KeyException.quote(revision)));
    }
  }

  /** The revision a key made at this instant gets. */
  public static NamedRevision at(String name, Instant now) {
    return new NamedRevision(name, REVISION.format(now));
  }

  /** Reads what {@link #toString} writes. */
  public static NamedRevision parse(String text) throws KeyException {
    return find(text)
        .orElseThrow(
            () ->
                new KeyException(
                    "Cannot parse named revision '" + KeyException.quote(text) + "'",
                    "expected a name, a hyphen and 14 digits, such as demo-20260102030405"));
  }

  /** What the text names, if it is of the form. */
  static Optional<NamedRevision> find(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new NamedRevision(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name + "-" + revision;
  }
}

package dev.monarch.packages;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a package is called: {@code origin/name[/version[/release]]} (supervisor.md 2.2).
 *
 * <p>The original takes almost any text between the slashes and joins it to paths. Here no part can
 * lead out of the directory it names, and origin and name follow the grammar, so that a name fits
 * into a service group as well.
 *
 * @param version any text without slash, such as {@code 1.2.3}
 * @param release by convention 14 digits, the time of the build in UTC; only with a version
 */
public record PackageIdent(
    String origin, String name, Optional<String> version, Optional<String> release) {
  /**
   * Older before newer: by {@link PackageVersion#ORDER}, then by the bytes of the release; what is
   * absent comes before what is present. Origin and name take no part. Not transitive where {@link
   * PackageVersion} is not.
   */
  public static final Comparator<PackageIdent> AGE =
      Comparator.comparing(PackageIdent::version, absentFirst(PackageVersion.ORDER))
          .thenComparing(PackageIdent::release, absentFirst(PackageVersion.BYTES));

  private static final Pattern ORIGIN = Pattern.compile("[a-z0-9][a-z0-9_-]{0,254}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  /** A directory's name on Linux cannot be longer. */
  private static final int PART_CHARACTERS_MAX = 255;

  public PackageIdent {
    if (release.isPresent() && version.isEmpty()) {
      throw new IllegalArgumentException("a release without a version: " + release.get());
    }
    refusal(origin, name, version, release)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  /** Reads the text as it is, without trimming. */
  public static PackageIdent parse(String text) throws MalformedIdentException {
    String[] parts = text.split("/", -1);
    if (parts.length < 2 || parts.length > 4) {
      throw malformed(text, "");
    }
    Optional<String> version = parts.length > 2 ? Optional.of(parts[2]) : Optional.empty();
    Optional<String> release = parts.length > 3 ? Optional.of(parts[3]) : Optional.empty();
    Optional<String> refusal = refusal(parts[0], parts[1], version, release);
    if (refusal.isPresent()) {
      throw malformed(text, ": " + refusal.get());
    }
    return new PackageIdent(parts[0], parts[1], version, release);
  }

  /** Whether an origin can have this name. */
  public static boolean isOrigin(String name) {
    return ORIGIN.matcher(name).matches();
  }

  /** Names one release and no other. */
  public boolean isFullyQualified() {
    return release.isPresent();
  }

  /** Same origin and name, and every version or release that is wanted is this one's. */
  public boolean satisfies(PackageIdent wanted) {
    return origin.equals(wanted.origin)
        && name.equals(wanted.name)
        && (wanted.version.isEmpty() || wanted.version.equals(version))
        && (wanted.release.isEmpty() || wanted.release.equals(release));
  }

  @Override
  public String toString() {
    return origin
        + "/"
        + name
        + version.map(v -> "/" + v).orElse("")
        + release.map(r -> "/" + r).orElse("");
  }

  /** The original's words, which scripts may know; it has no reasons to add. */
  private static MalformedIdentException malformed(String text, String why) {
    return new MalformedIdentException(
        "Invalid package identifier: \"%s\". A valid identifier is in the form origin/name (example: acme/redis)%s"
            .formatted(printable(text), why));
  }

  private static Optional<String> refusal(
      String origin, String name, Optional<String> version, Optional<String> release) {
    if (!isOrigin(origin)) {
      return Optional.of(
          "the origin \"" + printable(origin) + "\" is not of a-z 0-9 _ - with a-z 0-9 first");
    }
    if (!NAME.matcher(name).matches() || name.length() > PART_CHARACTERS_MAX) {
      return Optional.of("the name \"" + printable(name) + "\" is not of A-Z a-z 0-9 _ -");
    }
    return version
        .filter(part -> !isDirectoryName(part))
        .map(part -> "the version \"" + printable(part) + "\" cannot name a directory")
        .or(
            () ->
                release
                    .filter(part -> !isDirectoryName(part))
                    .map(
                        part -> "the release \"" + printable(part) + "\" cannot name a directory"));
  }

  private static boolean isDirectoryName(String part) {
    return !part.isEmpty()
        && part.length() <= PART_CHARACTERS_MAX
        && !part.equals(".")
        && !part.equals("..")
        && part.codePoints().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static Comparator<Optional<String>> absentFirst(Comparator<String> order) {
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? order.compare(a.get(), b.get())
            : Boolean.compare(a.isPresent(), b.isPresent());
  }
}

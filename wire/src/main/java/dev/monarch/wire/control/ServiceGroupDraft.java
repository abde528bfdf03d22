package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.ServiceGroup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link ServiceGroup} on its way in; here its parts come one by one. */
final class ServiceGroupDraft extends Draft {
  /** Keys of a group have its name in that of their files. */
  private static final int GROUP_CHARS_MAX = 255;

  private String service = "";
  private String group = "";
  private @Nullable String organization;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> service = in.text();
      case 2 -> group = in.text();
      case 4 -> organization = in.text();
      default -> in.skip();
    }
  }

  ServiceGroup finish() throws RefusedException {
    String text = service + "." + group + (organization == null ? "" : "@" + organization);
    // The parse takes a prefix off that is none here.
    return Optional.of(text)
        .filter(found -> found.length() <= GROUP_CHARS_MAX)
        .flatMap(ServiceGroup::parse)
        .filter(parsed -> parsed.text().equals(text))
        .orElseThrow(
            () ->
                new RefusedException(
                    Rejection.FIELD_INVALID,
                    "expected a service group such as web.default, found "
                        + RefusedException.quote(text)));
  }
}

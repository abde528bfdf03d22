package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An {@link Ident} on its way in. */
final class IdentDraft extends Draft {
  private String origin = "";
  private String name = "";
  private @Nullable String version;
  private @Nullable String release;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> origin = in.text();
      case 2 -> name = in.text();
      case 3 -> version = in.text();
      case 4 -> release = in.text();
      default -> in.skip();
    }
  }

  Ident finish() throws RefusedException {
    return Valid.orRefused(
        () -> new Ident(origin, name, Optional.ofNullable(version), Optional.ofNullable(release)));
  }
}

package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way in that says little more than which service: {@code SvcStart}, {@code
 * SvcStatus}, {@code SvcGetDefaultCfg}, and with a time-out {@code SvcStop} and {@code SvcUnload}.
 */
final class NamedServiceDraft extends Draft {
  private final boolean hasTimeout;
  private @Nullable IdentDraft ident;
  private OptionalLong timeoutSeconds = OptionalLong.empty();

  NamedServiceDraft(boolean hasTimeout) {
    this.hasTimeout = hasTimeout;
  }

  @Override
  protected void read(ProstReader in) throws RefusedException {
    if (in.field() == 1) {
      ident = ident == null ? new IdentDraft() : ident;
      ident.merge(in.message());
    } else if (in.field() == 3 && hasTimeout) {
      timeoutSeconds = OptionalLong.of(Integer.toUnsignedLong(in.int32()));
    } else {
      in.skip();
    }
  }

  Optional<Ident> ident() throws RefusedException {
    return ident == null ? Optional.empty() : Optional.of(ident.finish());
  }

  Ident requiredIdent(String message) throws RefusedException {
    return required(ident, "a package ident in " + message).finish();
  }

  OptionalLong timeoutSeconds() {
    return timeoutSeconds;
  }
}

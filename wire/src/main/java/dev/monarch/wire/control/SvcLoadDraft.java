package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A load on its way in. */
final class SvcLoadDraft extends Draft {
  private @Nullable IdentDraft ident;
  private Optional<String> configFrom = Optional.empty();
  private boolean force;
  private final SpecChangeDraft change = new SpecChangeDraft();

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> {
        ident = ident == null ? new IdentDraft() : ident;
        ident.merge(in.message());
      }
      case 8 -> configFrom = Optional.of(in.text());
      case 9 -> force = in.bool();
      default -> {
        Optional<SpecField> field = SpecField.In.LOAD.of(in.field());
        if (field.isPresent()) {
          change.read(field.get(), in);
        } else {
          in.skip();
        }
      }
    }
  }

  ControlRequest.SvcLoad finish() throws RefusedException {
    return new ControlRequest.SvcLoad(
        required(ident, "a package ident in SvcLoad").finish(), change.finish(), configFrom, force);
  }
}

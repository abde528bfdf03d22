package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An update on its way in. */
final class SvcUpdateDraft extends Draft {
  private @Nullable IdentDraft ident;
  private final SpecChangeDraft change = new SpecChangeDraft();

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> {
        ident = ident == null ? new IdentDraft() : ident;
        ident.merge(in.message());
      }
      default -> {
        Optional<SpecField> field = SpecField.In.UPDATE.of(in.field());
        if (field.isPresent()) {
          change.read(field.get(), in);
        } else {
          in.skip();
        }
      }
    }
  }

  ControlRequest.SvcUpdate finish() throws RefusedException {
    return new ControlRequest.SvcUpdate(
        required(ident, "a package ident in SvcUpdate").finish(), change.finish());
  }
}

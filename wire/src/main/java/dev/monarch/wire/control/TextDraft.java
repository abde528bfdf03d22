package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Optional;

/** A message on its way in that has one text and no more, or nothing at all. */
final class TextDraft extends Draft {
  private Optional<String> text = Optional.empty();

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> text = Optional.of(in.text());
      default -> in.skip();
    }
  }

  Optional<String> text() {
    return text;
  }
}

package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;

/** An interval on its way in: a message of one number. */
final class SecondsDraft extends Draft {
  private long seconds;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> seconds = in.int64();
      default -> in.skip();
    }
  }

  long finish() {
    return seconds;
  }
}

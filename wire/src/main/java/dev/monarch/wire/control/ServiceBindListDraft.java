package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.Rejection;
import java.util.ArrayList;
import java.util.List;

/** A list of binds on its way in. */
final class ServiceBindListDraft extends Draft {
  /** More than any package declares; the shortest bind has 12 bytes, so a message holds 80,000. */
  private static final int BINDS_MAX = 1024;

  private final List<ServiceBind> binds = new ArrayList<>();

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> add(in.message());
      default -> in.skip();
    }
  }

  private void add(ProstReader message) throws RefusedException {
    if (binds.size() == BINDS_MAX) {
      throw new RefusedException(
          Rejection.OVERSIZED, "expected at most " + BINDS_MAX + " binds, found more");
    }
    var bind = new ServiceBindDraft();
    bind.merge(message);
    binds.add(bind.finish());
  }

  List<ServiceBind> finish() {
    return List.copyOf(binds);
  }
}

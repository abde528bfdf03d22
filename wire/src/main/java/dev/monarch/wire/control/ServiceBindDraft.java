package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.ServiceGroup;

/** A {@link ServiceBind} on its way in. */
final class ServiceBindDraft extends Draft {
  private String name = "";
  private final ServiceGroupDraft group = new ServiceGroupDraft();

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> name = in.text();
      case 2 -> group.merge(in.message());
      default -> in.skip();
    }
  }

  ServiceBind finish() throws RefusedException {
    ServiceGroup whole = group.finish();
    return Valid.orRefused(() -> new ServiceBind(name, whole));
  }
}

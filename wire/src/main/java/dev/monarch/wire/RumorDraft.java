package dev.monarch.wire;

import org.jspecify.annotations.Nullable;

/** A {@link Rumor} on its way in. */
final class RumorDraft extends Draft {
  private int type = RumorKind.MEMBER.number();
  private @Nullable String fromId;

  /** The payload, and the number of the field it came in. */
  private @Nullable RumorPayload payload;

  private int payloadField;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> type = in.int32();
      // Tags are without use and not relayed, but must be text like any other.
      case 2 -> in.text();
      case 3 -> fromId = in.text();
      case 4 -> readPayload(new RumorPayload.OfMember(), in);
      case 5 -> readPayload(new RumorPayload.OfService(), in);
      case 6 -> readPayload(new RumorPayload.OfServiceConfig(), in);
      case 7 -> readPayload(new RumorPayload.OfServiceFile(), in);
      case 8 -> readPayload(new RumorPayload.OfElection(), in);
      case 9 -> readPayload(new RumorPayload.OfDeparture(), in);
      default -> in.skip();
    }
  }

  /** A second piece of the same kind is merged, one of another kind replaces the first. */
  private void readPayload(RumorPayload fresh, ProstReader in) throws RefusedException {
    RumorPayload target = payload != null && payloadField == in.field() ? payload : fresh;
    target.merge(in.message());
    payload = target;
    payloadField = in.field();
  }

  Rumor finish() throws RefusedException {
    RumorKind kind = kindOf(type);
    if (payload == null || payloadField != kind.payloadField()) {
      throw new RefusedException(
          Rejection.MISMATCH,
          "expected the payload of a rumor of kind "
              + kind.text()
              + ", found "
              + (payload == null ? "none" : "that in field " + payloadField));
    }
    return payload.finish(kind, requiredName(fromId, "an origin (from_id)"));
  }

  private static RumorKind kindOf(int type) throws RefusedException {
    for (RumorKind kind : RumorKind.values()) {
      if (kind.number() == type) {
        return kind;
      }
    }
    throw new RefusedException(
        Rejection.UNKNOWN_TYPE, "expected a rumor of type 1 to 5, 8 or 9, found " + type);
  }
}

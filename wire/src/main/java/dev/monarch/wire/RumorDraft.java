package dev.monarch.wire;

import org.jspecify.annotations.Nullable;

/** A {@link Rumor} on its way in. */
final class RumorDraft extends Draft {
  private static final int MEMBER_FIELD = 4;
  private static final int SERVICE_FIELD = 5;
  private static final int SERVICE_CONFIG_FIELD = 6;
  private static final int SERVICE_FILE_FIELD = 7;
  private static final int ELECTION_FIELD = 8;
  private static final int DEPARTURE_FIELD = 9;

  private int type = RumorKind.MEMBER.number();
  private @Nullable String fromId;

  /** The payload, and the number of the field it came in. */
  private @Nullable RumorPayload payload;

  private int payloadField;

  @Override
  void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> type = in.int32();
      // Tags are without use and not relayed, but must be text like any other.
      case 2 -> in.text();
      case 3 -> fromId = in.text();
      case MEMBER_FIELD -> readPayload(new RumorPayload.OfMember(), in);
      case SERVICE_FIELD -> readPayload(new RumorPayload.OfService(), in);
      case SERVICE_CONFIG_FIELD -> readPayload(new RumorPayload.OfServiceConfig(), in);
      case SERVICE_FILE_FIELD -> readPayload(new RumorPayload.OfServiceFile(), in);
      case ELECTION_FIELD -> readPayload(new RumorPayload.OfElection(), in);
      case DEPARTURE_FIELD -> readPayload(new RumorPayload.OfDeparture(), in);
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
    if (payload == null || payloadField != fieldOf(kind)) {
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

  private static int fieldOf(RumorKind kind) {
    return switch (kind) {
      case MEMBER -> MEMBER_FIELD;
      case SERVICE -> SERVICE_FIELD;
      case SERVICE_CONFIG -> SERVICE_CONFIG_FIELD;
      case SERVICE_FILE -> SERVICE_FILE_FIELD;
      case ELECTION, ELECTION_UPDATE -> ELECTION_FIELD;
      case DEPARTURE -> DEPARTURE_FIELD;
    };
  }
}

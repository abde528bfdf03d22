package dev.monarch.wire;

import dev.monarch.wire.Decoded.Accepted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Swim} on its way in. */
final class SwimDraft extends Draft {
  /** A ping, an ack, a request or a probe: all have a {@code from}, some a second member. */
  private static final class Payload extends Draft {
    private final int type;
    private @Nullable MemberDraft from;
    private @Nullable MemberDraft second;

    Payload(int type) {
      this.type = type;
    }

    @Override
    protected void read(ProstReader in) throws RefusedException {
      if (in.field() == 1) {
        from = from == null ? new MemberDraft() : from;
        from.merge(in.message());
      } else if (in.field() == 2 && type != PROBE_PING) {
        second = second == null ? new MemberDraft() : second;
        second.merge(in.message());
      } else {
        in.skip();
      }
    }

    Member from() throws RefusedException {
      return required(from, "a sender").finish();
    }

    Member target() throws RefusedException {
      return required(second, "a target").finish();
    }

    Optional<Member> forwardTo() throws RefusedException {
      return second == null ? Optional.empty() : Optional.of(second.finish());
    }
  }

  private static final int PING = 1;
  private static final int ACK = 2;
  private static final int PING_REQ = 3;
  private static final int PROBE_PING = 4;

  private int type = PING;
  private @Nullable Payload payload;
  private final List<Membership> membership = new ArrayList<>();
  private int droppedRecords;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> type = in.int32();
      case 2 -> readPayload(PING, in);
      case 3 -> readPayload(ACK, in);
      case 4 -> readPayload(PING_REQ, in);
      case 5 -> {
        MembershipDraft record = new MembershipDraft();
        record.merge(in.message());
        record.finish().ifPresentOrElse(membership::add, () -> droppedRecords++);
      }
      case 6 -> readPayload(PROBE_PING, in);
      default -> in.skip();
    }
  }

  /** A second piece of the same kind is merged, one of another kind replaces the first. */
  private void readPayload(int payloadType, ProstReader in) throws RefusedException {
    Payload target =
        payload != null && payload.type == payloadType ? payload : new Payload(payloadType);
    target.merge(in.message());
    payload = target;
  }

  Decoded<Swim> finish() throws RefusedException {
    if (type < PING || type > PROBE_PING) {
      throw new RefusedException(
          Rejection.UNKNOWN_TYPE, "expected a message of type 1 to 4, found " + type);
    }
    if (payload == null || payload.type != type) {
      throw new RefusedException(
          Rejection.MISMATCH,
          "expected the payload of type "
              + type
              + ", found "
              + (payload == null ? "none" : "that of type " + payload.type));
    }
    return new Accepted<>(message(payload), droppedRecords);
  }

  private Swim message(Payload payload) throws RefusedException {
    return switch (payload.type) {
      case PING -> new Swim.Ping(payload.from(), payload.forwardTo(), membership);
      case ACK -> new Swim.Ack(payload.from(), payload.forwardTo(), membership);
      case PING_REQ -> new Swim.PingReq(payload.from(), payload.target(), membership);
      // Whatever membership came with it is ignored, as the original does.
      default -> new Swim.ProbePing(payload.from());
    };
  }
}

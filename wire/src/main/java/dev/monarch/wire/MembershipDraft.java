package dev.monarch.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Membership} on its way in. */
final class MembershipDraft extends Draft {
  private @Nullable MemberDraft member;
  private Health health = Health.ALIVE;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> {
        member = member == null ? new MemberDraft() : member;
        member.merge(in.message());
      }
      case 2 -> health = healthOf(in.int32());
      default -> in.skip();
    }
  }

  private static Health healthOf(int number) {
    return switch (number) {
      case 2 -> Health.SUSPECT;
      case 3 -> Health.CONFIRMED;
      case 4 -> Health.DEPARTED;
      // 1 is this one, and so is any number the original does not know.
      default -> Health.ALIVE;
    };
  }

  /** The record; empty if it must not be gossiped, see {@link MemberDraft#finishForGossip}. */
  Optional<Membership> finish() throws RefusedException {
    return required(member, "a member in the membership record")
        .finishForGossip()
        .map(found -> new Membership(found, health));
  }

  /** The record, where the message has nothing else to say and so falls with it. */
  Membership finishOrRefuse() throws RefusedException {
    return finish()
        .orElseThrow(
            () ->
                new RefusedException(
                    Rejection.FIELD_INVALID,
                    "expected a member with an id, an IPv4 address and an incarnation below"
                        + " 18446744073709551615, found another one"));
  }
}

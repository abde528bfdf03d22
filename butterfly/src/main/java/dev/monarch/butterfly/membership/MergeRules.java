package dev.monarch.butterfly.membership;

import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;

/**
 * When news about a member replaces what is stored (butterfly.md 4.4).
 *
 * <pre>
 *   hearsay, equal incarnations     news:  alive   suspect  confirmed  departed
 *                        stored: alive     -       accept   accept     accept
 *                                suspect   -       -        accept     accept
 *                                confirmed -       -        -          accept
 *                                departed  -       -        -          -
 *   hearsay, greater incarnation    accept whatever the health
 *   hearsay, lower incarnation      never
 *
 *   contact (the member itself was heard, so it is alive)
 *                                   accept if the incarnation is greater or it was not held alive
 * </pre>
 *
 * Incarnations are unsigned.
 */
final class MergeRules {
  private MergeRules() {}

  /** Whether what somebody says about a member is news. */
  static boolean acceptsHearsay(Membership stored, Membership heard) {
    int order = Long.compareUnsigned(heard.member().incarnation(), stored.member().incarnation());
    return order > 0 || (order == 0 && heard.health().isWorseThan(stored.health()));
  }

  /** Whether hearing the member itself is news. */
  static boolean acceptsContact(Membership stored, Member heard) {
    return stored.health() != Health.ALIVE
        || Long.compareUnsigned(heard.incarnation(), stored.member().incarnation()) > 0;
  }

  /**
   * What is stored after a contact. The greater incarnation is kept: the original lets a member
   * that lost its disk pull the stored one down, and then believes old rumors again (butterfly.md
   * 13, W15).
   */
  static Member afterContact(Membership stored, Member heard) {
    long known = stored.member().incarnation();
    return Long.compareUnsigned(heard.incarnation(), known) >= 0
        ? heard
        : heard.withIncarnation(known);
  }
}

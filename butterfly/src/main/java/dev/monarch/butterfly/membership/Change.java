package dev.monarch.butterfly.membership;

import dev.monarch.wire.Health;
import java.util.Optional;

/**
 * An accepted change of the member list.
 *
 * @param before the entry as it was; empty for a new member
 * @param after the entry as it is
 * @param displaced the member that was dropped from the full list to make room
 */
public record Change(Optional<Entry> before, Entry after, Optional<String> displaced) {

  /** True if the member was believed dead or dying and is alive now. */
  public boolean isRecovery() {
    return after.health() == Health.ALIVE
        && before.map(entry -> entry.health() != Health.ALIVE).orElse(false);
  }

  /** True if connections to the member are of no more use: it fell ill, or lives elsewhere now. */
  public boolean breaksLinks() {
    return after.health() != Health.ALIVE
        || before
            .map(
                entry ->
                    !entry.member().address().equals(after.member().address())
                        || entry.member().gossipPort() != after.member().gossipPort())
            .orElse(false);
  }
}

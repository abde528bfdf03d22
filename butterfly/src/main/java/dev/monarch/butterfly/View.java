package dev.monarch.butterfly;

import dev.monarch.wire.Member;
import dev.monarch.wire.RumorKind;
import java.util.Map;

/**
 * An immutable look at a member from outside.
 *
 * @param self its own record as sent, with the current incarnation; the address is empty unless
 *     known
 * @param state members and rumors, each list in a stable order (members by id, rumors by group,
 *     then id)
 * @param updateCounters accepted changes per store since the start
 * @param ignoredRumors rumors per kind that changed nothing
 * @param joined true if another member, heard by this one itself, is alive now
 */
public record View(
    Member self,
    RingState state,
    Map<RumorKind, Long> updateCounters,
    Map<RumorKind, Long> ignoredRumors,
    boolean joined) {
  public View {
    updateCounters = Map.copyOf(updateCounters);
    ignoredRumors = Map.copyOf(ignoredRumors);
  }
}

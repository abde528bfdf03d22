package dev.monarch.butterfly.detector;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Membership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nobody is confirmed on hearsay (butterfly.md 4.7): a member that others call confirmed while it
 * is held alive or suspect here is asked itself, with a ProbePing, and believed confirmed only if
 * it stays silent.
 */
public final class Verification {
  /**
   * Members asked at once. More would only come from a flood of forged rumors; what is not asked
   * now is heard of again.
   */
  static final int ASKED_MAX = 1024;

  private record Asked(Membership hearsay, long deadlineNanos) {}

  private final Settings settings;
  private final Map<String, Asked> asked = new LinkedHashMap<>();

  public Verification(Settings settings) {
    this.settings = settings;
  }

  /** Notes the hearsay; true if the member is to be asked now. */
  public boolean ask(Membership hearsay, long nowNanos) {
    String id = hearsay.member().id();
    if (asked.containsKey(id) || asked.size() >= ASKED_MAX) {
      return false;
    }
    asked.put(id, new Asked(hearsay, nowNanos + settings.pingTimeout().toNanos()));
    return true;
  }

  /** The member was heard: the hearsay was wrong. */
  public void heard(String memberId) {
    asked.remove(memberId);
  }

  /** The hearsay that nobody contradicted in time. */
  public List<Membership> silent(long nowNanos) {
    List<Membership> silent = new ArrayList<>();
    // In insertion order, which is the order of the deadlines.
    var each = asked.values().iterator();
    while (each.hasNext()) {
      Asked next = each.next();
      if (next.deadlineNanos() > nowNanos) {
        break;
      }
      silent.add(next.hearsay());
      each.remove();
    }
    return silent;
  }

  /** When {@link #silent} has something to say next. */
  public long nextDeadlineNanos() {
    return asked.isEmpty() ? Long.MAX_VALUE : asked.values().iterator().next().deadlineNanos();
  }
}

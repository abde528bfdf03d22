package dev.monarch.simulator;

import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a member believes, followed from outside through the changes it reports, so that an
 * invariant looks at one entry instead of at the whole list; and how often it told whom about whom.
 */
final class Beliefs {
  /** One member's entry. */
  static final class Entry {
    long incarnation;
    Health health;

    /** Times the present incarnation and health were told, by the index of the host told. */
    private final short[] told;

    private long toldIncarnation;
    private Health toldHealth;

    private Entry(long incarnation, Health health, int hosts) {
      this.incarnation = incarnation;
      this.health = health;
      this.told = new short[hosts];
      this.toldIncarnation = incarnation;
      this.toldHealth = health;
    }

    void heat() {
      java.util.Arrays.fill(told, (short) 0);
    }

    /** Counts that this record was told to a host; another record than the last one counts anew. */
    int tell(Membership record, int host) {
      if (record.member().incarnation() != toldIncarnation || record.health() != toldHealth) {
        toldIncarnation = record.member().incarnation();
        toldHealth = record.health();
        heat();
      }
      return ++told[host];
    }
  }

  private final int hosts;
  private final Map<String, Entry> entries = new HashMap<>();

  Beliefs(int hosts) {
    this.hosts = hosts;
  }

  void clear() {
    entries.clear();
  }

  @Nullable Entry entry(String memberId) {
    return entries.get(memberId);
  }

  void put(Member member, Health health) {
    entries.put(member.id(), new Entry(member.incarnation(), health, hosts));
  }

  /** Everything may be told to this host again: it came back, or what was told is known lost. */
  void heatFor(int host) {
    for (Entry entry : entries.values()) {
      entry.told[host] = 0;
    }
  }

  int size() {
    return entries.size();
  }

  Optional<Health> healthOf(String memberId) {
    return Optional.ofNullable(entries.get(memberId)).map(entry -> entry.health);
  }

  Optional<Long> incarnationOf(String memberId) {
    return Optional.ofNullable(entries.get(memberId)).map(entry -> entry.incarnation);
  }

  boolean holds(String memberId, Health health) {
    Entry entry = entries.get(memberId);
    return entry != null && entry.health == health;
  }

  /** The first difference to what the member itself says, for a person; empty if there is none. */
  Optional<String> differenceTo(List<Membership> members) {
    if (members.size() != entries.size()) {
      return Optional.of(
          "it holds " + members.size() + " members, but reported changes of " + entries.size());
    }
    for (Membership membership : members) {
      Member member = membership.member();
      Entry entry = entries.get(member.id());
      if (entry == null) {
        return Optional.of("it never reported that it knows " + member.id());
      }
      if (entry.health != membership.health() || entry.incarnation != member.incarnation()) {
        return Optional.of(
            "it holds "
                + membership
                + ", but reported last "
                + entry.health
                + " at incarnation "
                + Long.toUnsignedString(entry.incarnation));
      }
    }
    return Optional.empty();
  }
}

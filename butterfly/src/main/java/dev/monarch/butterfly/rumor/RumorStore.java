package dev.monarch.butterfly.rumor;

import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of each rumor of one kind, in the order of group and id (butterfly.md 7.1).
 *
 * @param <T> the kind
 */
public final class RumorStore<T extends Rumor> {
  /**
   * More than services times members of any ring reported; a flood of invented rumors ends here.
   */
  static final int RUMORS_MAX = 65_536;

  private record Place(String key, String id) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byKey = key.compareTo(other.key);
      return byKey != 0 ? byKey : id.compareTo(other.id);
    }
  }

  /** How a rumor heard meets the one stored. */
  interface Merge<T> {
    /** The rumor to store, or empty if the one heard changes nothing. */
    Optional<T> merge(T stored, T heard);
  }

  private final TreeMap<Place, T> rumors = new TreeMap<>();
  private final Merge<T> merge;
  private final long bytesMax;
  private long bytes;
  private long updateCounter;
  private long ignored;

  RumorStore(Merge<T> merge, long bytesMax) {
    this.merge = merge;
    this.bytesMax = bytesMax;
  }

  /** The merge of everything that has a version: the higher one wins, at a tie the stored one. */
  static <T> Merge<T> newestOf(ToLongFunction<T> incarnation) {
    return (stored, heard) ->
        Long.compareUnsigned(incarnation.applyAsLong(heard), incarnation.applyAsLong(stored)) > 0
            ? Optional.of(heard)
            : Optional.empty();
  }

  /** Stores what is news; false if nothing changed. */
  boolean insert(T heard) {
    RumorKey key = RumorKey.of(heard);
    Place place = new Place(key.key(), key.id());
    T stored = rumors.get(place);
    Optional<T> kept = stored == null ? Optional.of(heard) : merge.merge(stored, heard);
    if (kept.isEmpty() || !fits(stored, kept.get())) {
      ignored++;
      return false;
    }
    rumors.put(place, kept.get());
    updateCounter++;
    return true;
  }

  private boolean fits(@Nullable T stored, T kept) {
    long after =
        bytes + RumorCodec.sizeBytes(kept) - (stored == null ? 0 : RumorCodec.sizeBytes(stored));
    if ((stored == null && rumors.size() >= RUMORS_MAX) || after > bytesMax) {
      return false;
    }
    bytes = after;
    return true;
  }

  public Optional<T> find(String key, String id) {
    return Optional.ofNullable(rumors.get(new Place(key, id)));
  }

  public Collection<T> all() {
    return Collections.unmodifiableCollection(rumors.values());
  }

  /** Those stored under one key, such as the services of a group. */
  Collection<T> under(String key) {
    return Collections.unmodifiableCollection(
        rumors.subMap(new Place(key, ""), true, new Place(key + "\0", ""), false).values());
  }

  /** Accepted changes since the start. */
  public long updateCounter() {
    return updateCounter;
  }

  /** Rumors that changed nothing. */
  public long ignored() {
    return ignored;
  }
}

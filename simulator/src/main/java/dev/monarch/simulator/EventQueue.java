package dev.monarch.simulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is going to happen, earliest first; what shares an instant happens in the order in which it
 * was added. A binary heap on parallel arrays, so that an event costs no wrapper.
 */
final class EventQueue {
  private long[] times = new long[1024];
  private long[] numbers = new long[1024];
  private @Nullable Happening[] happenings = new @Nullable Happening[1024];
  private int size;
  private long added;

  int size() {
    return size;
  }

  /** When the next one happens; {@link Long#MAX_VALUE} if nothing ever will. */
  long nextAt() {
    return size == 0 ? Long.MAX_VALUE : times[0];
  }

  void add(long at, Happening happening) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      numbers = Arrays.copyOf(numbers, size * 2);
      happenings = Arrays.copyOf(happenings, size * 2);
    }
    siftUp(size++, at, added++, happening);
  }

  Happening poll() {
    Happening first = happenings[0];
    if (first == null) {
      throw new IllegalStateException("expected an event to come, found none");
    }
    size--;
    long at = times[size];
    long number = numbers[size];
    Happening last = happenings[size];
    happenings[size] = null;
    if (size > 0 && last != null) {
      siftDown(at, number, last);
    }
    return first;
  }

  private void siftUp(int start, long at, long number, Happening happening) {
    int place = start;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (!isBefore(at, number, parent)) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    put(place, at, number, happening);
  }

  private void siftDown(long at, long number, Happening happening) {
    int place = 0;
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && isBefore(times[child + 1], numbers[child + 1], child)) {
        child++;
      }
      if (isBefore(at, number, child)) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, at, number, happening);
  }

  private boolean isBefore(long at, long number, int place) {
    return at < times[place] || (at == times[place] && number < numbers[place]);
  }

  private void move(int from, int to) {
    times[to] = times[from];
    numbers[to] = numbers[from];
    happenings[to] = happenings[from];
  }

  private void put(int place, long at, long number, Happening happening) {
    times[place] = at;
    numbers[place] = number;
    happenings[place] = happening;
  }
}

package dev.monarch.ring.zmtp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers what a server hears. */
final class Heard implements PullServer.Audience {
  final List<byte[]> messages = new CopyOnWriteArrayList<>();
  final AtomicLong oversized = new AtomicLong();

  @Override
  public void message(byte[] bytes) {
    messages.add(bytes);
  }

  @Override
  public void oversized(long bytes) {
    oversized.incrementAndGet();
  }

  List<Integer> sizes() {
    return messages.stream().map(message -> message.length).toList();
  }
}

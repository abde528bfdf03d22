package dev.monarch.crypto;

/** Placeholder. */
public final class RingKey {
  private RingKey() {}
}

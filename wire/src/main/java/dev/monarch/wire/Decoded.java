package dev.monarch.wire;

/**
 * What came of bytes: a valid message, or the reason why there is none. Decoding never throws.
 *
 * @param <T> what was to be decoded
 */
public sealed interface Decoded<T> {
  /**
   * A valid message.
   *
   * @param droppedRecords membership records left out because relaying them could harm others
   *     (rules S4, S5, S9); the rest of the message stands
   */
  record Accepted<T>(T value, int droppedRecords) implements Decoded<T> {}

  /**
   * No message.
   *
   * @param detail what was expected and what was found, for a person
   */
  record Rejected<T>(Rejection reason, String detail) implements Decoded<T> {}
}

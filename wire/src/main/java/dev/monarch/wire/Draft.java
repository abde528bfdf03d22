package dev.monarch.wire;

import org.jspecify.annotations.Nullable;

/**
 * A message while it is decoded: absent fields are still absent, and a message that comes in
 * several pieces is merged. What is complete becomes a record. For the codecs of this room only.
 */
public abstract class Draft {
  /** Reads the current field of the reader, or skips it. */
  protected abstract void read(ProstReader in) throws RefusedException;

  /** Takes over every field that is there; the others keep what an earlier piece said. */
  public final void merge(ProstReader message) throws RefusedException {
    while (message.next()) {
      read(message);
    }
  }

  public static <D extends Draft> D decode(D draft, byte[] message) throws RefusedException {
    draft.merge(new ProstReader(message));
    return draft;
  }

  protected static <T> T required(@Nullable T value, String what) throws RefusedException {
    if (value == null) {
      throw new RefusedException(
          Rejection.FIELD_MISSING, "expected " + what + ", found no such field");
    }
    return value;
  }

  static String requiredName(@Nullable String value, String what) throws RefusedException {
    return Limits.checkName(what, required(value, what));
  }
}

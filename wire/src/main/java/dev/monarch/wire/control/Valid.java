package dev.monarch.wire.control;

import dev.monarch.wire.RefusedException;
import dev.monarch.wire.Rejection;
import java.util.function.Supplier;

/** Makes a refusal of what a record's constructor will not have. */
final class Valid {
  private Valid() {}

  static <T> T orRefused(Supplier<T> record) throws RefusedException {
    try {
      return record.get();
    } catch (IllegalArgumentException invalid) {
      throw new RefusedException(Rejection.FIELD_INVALID, String.valueOf(invalid.getMessage()));
    }
  }
}

package dev.monarch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.Decoded.Rejected;

/** What a test expects of a decoder. */
public final class DecodedAssert {
  private DecodedAssert() {}

  public static <T> T accepted(Decoded<T> decoded) {
    return switch (decoded) {
      case Accepted<T>(T value, int _) -> value;
      case Rejected<T>(Rejection reason, String detail) ->
          throw new AssertionError("rejected as " + reason + ": " + detail);
    };
  }

  /** Asserts the reason, and that the detail is a sentence a person can use. */
  public static void assertRejected(Decoded<?> decoded, Rejection reason) {
    switch (decoded) {
      case Accepted<?>(Object value, int _) -> throw new AssertionError("accepted: " + value);
      case Rejected<?>(Rejection found, String detail) -> {
        assertThat(found).as(detail).isEqualTo(reason);
        assertThat(detail).startsWith("expected ").contains(", found ");
      }
    }
  }
}

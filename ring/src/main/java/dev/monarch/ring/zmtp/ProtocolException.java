package dev.monarch.ring.zmtp;

import java.io.IOException;

/** The other end does not speak as it must; the connection cannot be used any further. */
final class ProtocolException extends IOException {
  ProtocolException(String message) {
    super(message);
  }
}

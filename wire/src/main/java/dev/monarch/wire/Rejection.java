package dev.monarch.wire;

/** Why bytes were refused. Each has a counter wherever messages are decoded. */
public enum Rejection {
  /** The envelope is not a protobuf message, or has no payload. */
  ENVELOPE,
  /** A ring key is in use and the envelope has no nonce of 24 bytes. */
  NONCE_MISSING,
  /** The box does not open with the ring key. */
  AUTHENTICATION,
  /** Not a protobuf message: truncated, a wrong wire type, text that is not UTF-8. */
  MALFORMED,
  /** A type number that is not known, or the original's test kinds. */
  UNKNOWN_TYPE,
  /** The type and the payload present disagree, or there is no payload. */
  MISMATCH,
  /** A field that must be there is absent. */
  FIELD_MISSING,
  /** A field is there with a value that cannot be: a port, a service group. */
  FIELD_INVALID,
  /** Longer than what may arrive. */
  OVERSIZED,
}

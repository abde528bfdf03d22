package dev.monarch.wire.control;

/** Why a Supervisor refused a request (control.md 8). */
public enum ErrorCode {
  /** Anything unexpected; also that a service to unload or update is not loaded. */
  INTERNAL(0),
  /** A file could not be used. */
  IO(1),
  /** The service to start, stop or show is not loaded. */
  NOT_FOUND(2),
  /** The service is loaded already. */
  CONFLICT(3),
  /** The secret is another one. */
  UNAUTHORIZED(4),
  /** This Supervisor knows the request and does not do it. */
  NOT_SUPPORTED(5),
  /** The request cannot be read. */
  BAD_PAYLOAD(6),
  /** The request can be read and contradicts something, as binds their package. */
  INVALID_PAYLOAD(7),
  /** A configuration or file is too large. */
  ENTITY_TOO_LARGE(8),
  /** A field that must be there is absent: the command is older or newer than the Supervisor. */
  UPDATE_CLIENT(9),
  /** A client without TLS came where TLS is spoken. */
  TLS_HANDSHAKE_FAILED(10);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}

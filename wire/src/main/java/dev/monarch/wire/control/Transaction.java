package dev.monarch.wire.control;

/**
 * To which request a frame belongs (control.md 2.2).
 *
 * @param id 0 for the handshake and 1 for the request, as every known client counts; 30 bits
 * @param response a reply, not a request
 * @param complete the last one of its transaction
 */
public record Transaction(int id, boolean response, boolean complete) {
  /** That of the handshake. */
  public static final Transaction HANDSHAKE = new Transaction(0, false, false);

  /** That of the one request of a connection. */
  public static final Transaction REQUEST = new Transaction(1, false, false);

  private static final int ID_MASK = 0x3FFF_FFFF;
  private static final int RESPONSE = 0x8000_0000;
  private static final int COMPLETE = 0x4000_0000;

  public Transaction {
    if ((id & ~ID_MASK) != 0) {
      throw new IllegalArgumentException(
          "expected a transaction id of 30 bits, found " + Integer.toUnsignedString(id));
    }
  }

  static Transaction of(int word) {
    return new Transaction(word & ID_MASK, (word & RESPONSE) != 0, (word & COMPLETE) != 0);
  }

  int word() {
    return id | (response ? RESPONSE : 0) | (complete ? COMPLETE : 0);
  }

  /** That of a reply which others follow; what is marked as complete stays so, as there. */
  public Transaction partialReply() {
    return new Transaction(id, true, complete);
  }

  /** That of the last reply. */
  public Transaction lastReply() {
    return new Transaction(id, true, true);
  }
}

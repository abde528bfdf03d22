package dev.monarch.wire.control;

/**
 * The first message of every connection.
 *
 * @param secretKey the text that both sides know; empty if the command has none
 */
public record Handshake(String secretKey) {
  /** Does not show the secret. */
  @Override
  public String toString() {
    return "Handshake[secretKey=" + secretKey.length() + " characters]";
  }
}

package dev.monarch.supervisor.ctl;

import java.time.Duration;

/**
 * How long clients are waited for.
 *
 * @param greeting for a greeting of TLS, and then for a handshake
 * @param taking for a client to take one reply; the kernel takes many of them without its help
 */
record Patience(Duration greeting, Duration taking) {
  /** A client that has a secret to show does so at once (control.md 5.1). */
  static final Patience STANDARD = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10));
}

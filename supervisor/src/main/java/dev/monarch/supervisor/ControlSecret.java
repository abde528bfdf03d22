package dev.monarch.supervisor;

import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The secret that commands show to a Supervisor, {@code CTL_SECRET} (supervisor.md 1.4): base64 of
 * 64 random bytes, for its owner's eyes only, made once.
 */
public final class ControlSecret {
  private static final int RANDOM_BYTES = 64;

  private ControlSecret() {}

  /** A new secret, which is stored nowhere. */
  public static String generate() {
    byte[] secret = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(secret);
    return Base64.getEncoder().encodeToString(secret);
  }

  /**
   * The secret that is there: the text of the file without blanks and line ends behind it.
   *
   * @throws StartException if there is none, or the file cannot be read
   */
  static String read(Layout layout) throws StartException {
    Path file = layout.controlSecret();
    try {
      String secret = Files.readString(file).stripTrailing();
      if (secret.isEmpty()) {
        throw new StartException(
            "expected the control secret in %s, found nothing but blanks; remove the file and a new secret will be made"
                .formatted(file));
      }
      return secret;
    } catch (IOException failure) {
      throw new StartException(
          "expected to read the control secret from %s, found: %s; check who owns the file, or remove it and a new secret will be made"
              .formatted(file, Cause.of(failure)),
          failure);
    }
  }

  /** Leaves an existing secret as it is; an empty file, as a full disk leaves it, is none. */
  static void makeIfMissing(Layout layout) throws StartException {
    Path file = layout.controlSecret();
    try {
      if (Files.exists(file) && Files.size(file) > 0) {
        return;
      }
      Path draft = file.resolveSibling("CTL_SECRET.tmp");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, generate());
      // A reader finds the whole secret or none.
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new StartException(
          "expected to write the control secret to %s, found: %s; check who owns the directory and that its disk is not full"
              .formatted(file, Cause.of(failure)),
          failure);
    }
  }
}

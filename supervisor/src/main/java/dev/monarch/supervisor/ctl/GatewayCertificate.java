package dev.monarch.supervisor.ctl;

import dev.monarch.crypto.NamedRevision;
import dev.monarch.crypto.SelfSignedCertificate;
import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key and a certificate for TLS on a control gateway, as two files of one directory (control.md
 * 6.4):
 *
 * <pre>
 *   ctl-gateway-YYYYMMDDhhmmss.crt.pem   what clients are given to trust
 *   ctl-gateway-YYYYMMDDhhmmss.key.pem   for its owner's eyes only
 * </pre>
 *
 * <p>Both ends take the newest of a directory, so a directory is all that an option needs to name.
 */
public record GatewayCertificate(Path certificate, Path key) {
  /** Where both ends look if an option for TLS is given without a value. */
  public static final Path STANDARD_DIRECTORY = Layout.CONTROL_KEYS;

  private static final String NAME = "ctl-gateway";
  private static final String ORGANIZATION = "Habitat Supervisor Control Gateway";
  private static final String SELF = "localhost";

  private static final int DNS_NAME_CHARACTERS_MAX = 253;

  /** Labels of at most 63, no hyphen at either end; the last one is not a number. */
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
              + "(?![0-9]+\\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");

  /**
   * Makes a key with its certificate, and the directory if it is missing.
   *
   * @param dnsName by which clients ask for the gateway, besides {@code localhost}
   * @throws IllegalArgumentException if that is no DNS name, in one line
   * @throws IOException if the files cannot be written, in one line
   */
  public static GatewayCertificate generate(Path directory, String dnsName, Instant now)
      throws IOException {
    if (dnsName.length() > DNS_NAME_CHARACTERS_MAX || !DNS_NAME.matcher(dnsName).matches()) {
      throw new IllegalArgumentException("Invalid DNS name: " + dnsName);
    }
    var made =
        SelfSignedCertificate.generate(ORGANIZATION, List.of(dnsName, SELF), new SecureRandom());
    NamedRevision name = NamedRevision.at(NAME, now);
    var files =
        new GatewayCertificate(
            directory.resolve(name + ".crt.pem"), directory.resolve(name + ".key.pem"));
    try {
      Files.createDirectories(directory);
      create(files.key, made.privateKey(), "rw-------");
      create(files.certificate, made.certificate(), "rw-r--r--");
      return files;
    } catch (FileAlreadyExistsException twice) {
      throw new IOException(
          "expected no %s, found one, made within this second; try again"
              .formatted(twice.getFile()),
          twice);
    } catch (IOException failure) {
      throw new IOException(
          "expected to write a key and a certificate into %s, found: %s; name a directory that you may write to"
              .formatted(directory, failure),
          failure);
    }
  }

  private static void create(Path file, String content, String permissions) throws IOException {
    try (var out =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
      ByteBuffer rest = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
      while (rest.hasRemaining()) {
        out.write(rest);
      }
    }
  }
}

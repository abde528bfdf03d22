package dev.monarch.launcher;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a Supervisor reaches its Launcher: a socket with mode 0600 in a directory that only its
 * owner may enter, below the tree, or below the directory for temporary files if that path is too
 * long for a socket.
 */
final class SupervisorSocket implements AutoCloseable {
  /** Linux's {@code sun_path} has 108 bytes, of which the JDK uses no more than this. */
  private static final int PATH_BYTES_MAX = 106;

  private static final String NAME = "pipe";

  private final Path directory;
  private final ServerSocketChannel server;

  private SupervisorSocket(Path directory, ServerSocketChannel server) {
    this.directory = directory;
    this.server = server;
  }

  static SupervisorSocket open(Path launcherDirectory) throws LauncherException {
    try {
      Path directory = directory(launcherDirectory);
      Path path = directory.resolve(NAME);
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return new SupervisorSocket(directory, server);
    } catch (IOException failure) {
      throw new LauncherException(
          "expected to make a socket in %s, found: %s; check who owns it"
              .formatted(launcherDirectory, Cause.of(failure)),
          failure);
    }
  }

  private static Path directory(Path launcherDirectory) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Path below = launcherDirectory.resolve("private");
    if (below.resolve(NAME).toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      return Files.createTempDirectory("hab-launcher-", ownerOnly);
    }
    if (Files.notExists(below)) {
      Files.createDirectory(below, ownerOnly);
    }
    Files.setPosixFilePermissions(below, ownerOnly.value());
    return below;
  }

  Path path() {
    return directory.resolve(NAME);
  }

  /**
   * Waits for somebody who connects.
   *
   * @throws ClosedChannelException once this is closed
   */
  SocketChannel accept() throws IOException {
    return server.accept();
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path());
      Files.deleteIfExists(directory);
    } catch (NoSuchFileException goneAlready) {
      // That is what was wanted.
    } catch (IOException leftBehind) {
      // The next Launcher makes it anew.
    }
  }
}

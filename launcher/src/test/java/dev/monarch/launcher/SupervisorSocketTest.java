package dev.monarch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorSocketTest {
  @TempDir private Path directory;

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void onlyItsOwnerReachesIt() throws Exception {
    try (SupervisorSocket socket = SupervisorSocket.open(directory)) {
      assertThat(socket.path()).startsWith(directory);
      assertThat(mode(socket.path())).isEqualTo("rw-------");
      assertThat(mode(directory.resolve("private"))).isEqualTo("rwx------");
    }
  }

  @Test
  void whateverTheLengthOfTheTreesPathItCanBeReached() throws Exception {
    for (int length = 0; length <= 60; length++) {
      Path deep = Files.createDirectories(directory.resolve("x".repeat(1 + length)));
      Path path;
      try (SupervisorSocket socket = SupervisorSocket.open(deep);
          SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
        assertThat(channel.isConnected()).isTrue();
        path = socket.path();
      }
      assertThat(path.getParent()).doesNotExist();
    }
  }

  @Test
  void whatAKilledLauncherLeftIsInNobodysWay() throws Exception {
    Path left = Files.createDirectories(directory.resolve("private"));
    Files.writeString(left.resolve("pipe"), "left behind");
    try (SupervisorSocket socket = SupervisorSocket.open(directory)) {
      assertThat(socket.path()).isEqualTo(left.resolve("pipe"));
    }
  }
}

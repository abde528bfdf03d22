package dev.monarch.supervisor.config;

import dev.monarch.crypto.KeyCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a Supervisor keeps its files (supervisor.md 1).
 *
 * @param root the file-system root, which everything but keys of ordinary users lies below
 * @param keyCache where keys are kept unless told otherwise
 */
public record Layout(Path root, Path keyCache) {
  /**
   * Where pairs for TLS of the control gateway are, unless told otherwise: in the original one
   * place for a machine, whatever the root (control.md 6.1).
   */
  public static final Path CONTROL_KEYS = Path.of("/hab/cache/keys/ctl");

  /** {@code FS_ROOT} moves the whole tree; keys of ordinary users stay in their home directory. */
  public static Layout of(Map<String, String> environment) {
    String fsRoot = environment.getOrDefault("FS_ROOT", "");
    Path root = Path.of(fsRoot.isEmpty() ? "/" : fsRoot).toAbsolutePath().normalize();
    String home = environment.getOrDefault("HOME", "");
    Path keyCache =
        KeyCache.defaultDirectory(
            variable -> Optional.empty(), root, isSuperuser() || home.isEmpty(), Path.of(home));
    return new Layout(root, keyCache);
  }

  public Path supervisor() {
    return root.resolve("hab").resolve("sup").resolve("default");
  }

  /** Where a Launcher keeps its files. */
  public Path launcher() {
    return root.resolve("hab").resolve("launcher");
  }

  public Path data() {
    return supervisor().resolve("data");
  }

  public Path specs() {
    return supervisor().resolve("specs");
  }

  /** How one service is meant to run. */
  public Path spec(String service) {
    return specs().resolve(service + ".spec");
  }

  /** What an operator says about a service's configuration on this machine. */
  public Path userToml(String service) {
    return root.resolve("hab/user").resolve(service).resolve("config").resolve("user.toml");
  }

  public Path memberId() {
    return supervisor().resolve("MEMBER_ID");
  }

  public Path lock() {
    return supervisor().resolve("LOCK");
  }

  public Path controlSecret() {
    return supervisor().resolve("CTL_SECRET");
  }

  /** Read if no other configuration file is named. */
  public Path configurationFile() {
    return supervisor().resolve("config").resolve("sup.toml");
  }

  /** The owner of our own entry in {@code /proc} is our effective user. */
  public static boolean isSuperuser() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException noProc) {
      return "root".equals(System.getProperty("user.name"));
    }
  }
}

package dev.monarch.supervisor.render;

import dev.monarch.launcher.RunAs;
import dev.monarch.packages.ServiceOwner;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;

/**
 * Whom a service's processes and files belong to (supervisor.md 1.3, 2.1 and 4.6).
 *
 * <p>A package may name a user and a group; if it does not, {@code hab} and {@code hab} are taken
 * where both exist, else whoever runs the Supervisor. Only a Supervisor that may switch users gives
 * files and processes away; any other keeps them, whatever the package names.
 *
 * @param wanted as templates see them
 * @param maySwitch true if this process holds the three capabilities that it takes
 */
public record Ownership(
    ServiceOwner wanted,
    UserPrincipal userPrincipal,
    GroupPrincipal groupPrincipal,
    boolean maySwitch) {
  private static final ServiceOwner STANDARD = new ServiceOwner("hab", "hab");

  private static final Path SELF = Path.of("/proc/self");

  /** The bits of CAP_CHOWN, CAP_SETGID and CAP_SETUID in a set of capabilities. */
  private static final long CAPABILITIES = 1L << 0 | 1L << 6 | 1L << 7;

  /**
   * Looks the users up on this machine.
   *
   * @param owner what the package names
   * @throws IOException if there is no such user or group, with one line that says which
   */
  public static Ownership of(Optional<ServiceOwner> owner) throws IOException {
    return of(owner, hasCapabilities(Files.readString(SELF.resolve("status"))));
  }

  static Ownership of(Optional<ServiceOwner> owner, boolean maySwitch) throws IOException {
    ServiceOwner wanted = owner.isPresent() ? owner.get() : standard();
    return new Ownership(wanted, user(wanted.user()), group(wanted.group()), maySwitch);
  }

  private static ServiceOwner standard() throws IOException {
    try {
      user(STANDARD.user());
      group(STANDARD.group());
      return STANDARD;
    } catch (IOException oneIsMissing) {
      return self();
    }
  }

  /** Who runs this process, as numbers where they have no names. */
  private static ServiceOwner self() throws IOException {
    PosixFileAttributes process = Files.readAttributes(SELF, PosixFileAttributes.class);
    return new ServiceOwner(process.owner().getName(), process.group().getName());
  }

  private static UserPrincipal user(String name) throws IOException {
    try {
      return principals().lookupPrincipalByName(name);
    } catch (IOException unknown) {
      throw new IOException(
          "expected the service's user " + name + " on this machine, found no such user; create it",
          unknown);
    }
  }

  private static GroupPrincipal group(String name) throws IOException {
    try {
      return principals().lookupPrincipalByGroupName(name);
    } catch (IOException unknown) {
      throw new IOException(
          "expected the service's group "
              + name
              + " on this machine, found no such group; create it",
          unknown);
    }
  }

  private static UserPrincipalLookupService principals() {
    return FileSystems.getDefault().getUserPrincipalLookupService();
  }

  /** True if the status of a process, as the kernel tells it, names all three as effective. */
  static boolean hasCapabilities(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(effective -> (effective & CAPABILITIES) == CAPABILITIES);
  }

  /** The user that templates see as {@code pkg.svc_user}. */
  public String user() {
    return wanted.user();
  }

  /** The group that templates see as {@code pkg.svc_group}. */
  public String group() {
    return wanted.group();
  }

  /** Whom processes are started as; empty if they run as the Supervisor itself does. */
  public Optional<RunAs> runAs() {
    return maySwitch ? Optional.of(new RunAs(wanted.user(), wanted.group())) : Optional.empty();
  }

  /** Whom processes really run as. */
  public ServiceOwner actual() throws IOException {
    return maySwitch ? wanted : self();
  }

  /** True if this process owns the file, or could not give it away anyway. */
  boolean isOurs(Path file) throws IOException {
    return !maySwitch
        || Files.getAttribute(file, "unix:uid")
            .equals(Files.getAttribute(SELF, "unix:uid", new LinkOption[0]));
  }
}

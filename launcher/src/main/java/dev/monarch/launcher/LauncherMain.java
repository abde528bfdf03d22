package dev.monarch.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Launcher's process. Its arguments are the command line of the Supervisor; of the options in
 * there it reads the two that say how output looks.
 */
public final class LauncherMain {
  private LauncherMain() {}

  public static void main(String[] arguments) {
    List<String> command = List.of(arguments);
    if (command.isEmpty()) {
      System.err.println(
          "error: expected the command line of a Supervisor, found none; start it with 'hab sup"
              + " run'");
      System.exit(AfterSupervisor.EXIT_NO_START);
    }
    Map<String, String> environment = System.getenv();
    OutputForm form =
        OutputForm.of(
            command,
            Boolean.getBoolean("hab.stdout.terminal"),
            environment.containsKey("NO_COLOR"));
    int exit;
    try (LocalProcessHost host = LocalProcessHost.open(directory(environment), form)) {
      var launcher =
          new Launcher(directory(environment), command, environment, host, limits(environment));
      handle("TERM", () -> launcher.tell(new Launcher.Happened.Terminated()));
      handle("INT", () -> launcher.tell(new Launcher.Happened.Terminated()));
      handle("HUP", () -> launcher.tell(new Launcher.Happened.HungUp()));
      List.of("ALRM", "USR1", "USR2").forEach(name -> handle(name, () -> {}));
      exit = launcher.run();
    } catch (LauncherException failure) {
      System.err.println("error: " + failure.getMessage());
      exit = AfterSupervisor.EXIT_FAILED;
    } catch (ExceptionInInitializerError unsupported) {
      Throwable cause = Optional.ofNullable(unsupported.getCause()).orElse(unsupported);
      System.err.println("error: " + cause.getMessage());
      exit = AfterSupervisor.EXIT_FAILED;
    } catch (InterruptedException interrupted) {
      exit = AfterSupervisor.EXIT_FAILED;
    }
    System.exit(exit);
  }

  private static Path directory(Map<String, String> environment) {
    String root = environment.getOrDefault("FS_ROOT", "");
    return Path.of(root.isEmpty() ? "/" : root)
        .toAbsolutePath()
        .normalize()
        .resolve("hab")
        .resolve("launcher");
  }

  private static Launcher.Limits limits(Map<String, String> environment) {
    return new Launcher.Limits(
        seconds(environment, "HAB_LAUNCH_SUP_CONNECT_TIMEOUT_SECS", Launcher.REGISTERS_WITHIN),
        seconds(
            environment,
            "HAB_LAUNCH_SUP_SHUTDOWN_TIMEOUT_SECS",
            Launcher.SHUTDOWN_BEYOND_SERVICES_MAX));
  }

  private static Duration seconds(Map<String, String> environment, String name, Duration stock) {
    String seconds = environment.getOrDefault(name, "");
    return seconds.matches("[1-9][0-9]{0,8}") ? Duration.ofSeconds(Long.parseLong(seconds)) : stock;
  }

  /**
   * Only {@code sun.misc.Signal} can do this, which every JDK has but none promises; it is used
   * through reflection, so that the compiler need not be told to overlook it.
   */
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      @Nullable Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException taken) {
      if (!(taken.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalStateException("cannot handle signal " + name, taken);
      }
      // The JVM uses this signal itself, or the system has it not; it is not fatal then.
    } catch (ReflectiveOperationException unavailable) {
      throw new IllegalStateException("cannot handle signal " + name, unavailable);
    }
  }
}

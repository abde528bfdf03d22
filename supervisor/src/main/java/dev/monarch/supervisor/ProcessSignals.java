package dev.monarch.supervisor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Hands the process's signals to a Supervisor: TERM and INT stop it, HUP makes it start anew. ALRM,
 * USR1 and USR2 are ignored, as the original's Launcher ignores them; QUIT makes the JVM print its
 * threads and does no harm either.
 *
 * <p>Only {@code sun.misc.Signal} can do this, which every JDK has but none promises; it is used
 * through reflection, so that the compiler need not be told to overlook it.
 */
final class ProcessSignals {
  private ProcessSignals() {}

  /**
   * Hands them over.
   *
   * @param launched true under a Launcher, to which a terminal sends INT and HUP as well
   */
  static void handOver(Supervisor supervisor, boolean launched) {
    Runnable nothing = () -> {};
    Map<String, Runnable> actions =
        Map.of(
            "TERM",
            supervisor::stop,
            "INT",
            launched ? nothing : supervisor::stop,
            "HUP",
            launched ? nothing : supervisor::restart,
            "ALRM",
            nothing,
            "USR1",
            nothing,
            "USR2",
            nothing);
    actions.forEach(ProcessSignals::handle);
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
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

package dev.monarch.supervisor.manager;

import dev.monarch.crypto.Box;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.KeyException;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What operators told one service's group through the ring, opened if a user sealed it (control.md
 * 10).
 *
 * <p>A box names two keys, and both have to be in this Supervisor's key cache at exactly these
 * revisions. Where one is missing, the thing waits:
 *
 * <pre>
 *   in clear                  its content
 *   sealed, keys are there    its content, and it waits no longer
 *   sealed, it cannot open    a KeyException; it waits, said once as long as the reason is the same
 * </pre>
 *
 * <p>Whatever waits is worth another try when the key cache changes or the group has news. A key
 * that arrives while we look is not missed: before the second look the thing counts as waiting and
 * the cache is watched, so that a later change finds it.
 *
 * <p>What was sealed is nowhere quoted: not in what is said, not in an exception.
 *
 * <p>The worker opens; any thread may ask what waits.
 */
final class Unsealing {
  private static final String CONFIGURATION = "Configuration";

  private final KeyCache keys;
  private final Runnable watchKeys;
  private final Consumer<String> say;

  /** What waits, by its name, with what was said of it. */
  private final Map<String, String> waiting = new ConcurrentHashMap<>();

  /**
   * @param watchKeys sees to it that a change of the key cache leads to another try
   * @param say hears a line for the operator
   */
  Unsealing(KeyCache keys, Runnable watchKeys, Consumer<String> say) {
    this.keys = keys;
    this.watchKeys = watchKeys;
    this.say = say;
  }

  /**
   * The layer that a configuration makes.
   *
   * @throws KeyException if it waits for a key, which the operator knows then
   * @throws TreeException if it is no configuration, which the operator does not know yet
   */
  Layer layer(ServiceConfigRumor configuration) throws KeyException, TreeException {
    long version = configuration.incarnation();
    if (!configuration.encrypted()) {
      waiting.remove(CONFIGURATION);
      return Layer.gossip(configuration.config().toUtf8(), version);
    }
    String text = open(CONFIGURATION, version, configuration.config()).toUtf8();
    try {
      return Layer.gossip(text, version);
    } catch (TreeException unreadable) {
      // Its message quotes the text.
      throw new TreeException(
          "expected TOML in the configuration applied as version %s, which was sealed, found something else; correct it and apply it again"
              .formatted(Long.toUnsignedString(version)));
    }
  }

  /**
   * The content of a file.
   *
   * @throws KeyException if it waits for a key, which the operator knows then
   */
  Bytes content(ServiceFileRumor file) throws KeyException {
    if (!file.encrypted()) {
      waiting.remove(name(file.filename()));
      return file.body();
    }
    return open(name(file.filename()), file.incarnation(), file.body());
  }

  private Bytes open(String name, long version, Bytes sealed) throws KeyException {
    try {
      return opened(name, sealed);
    } catch (KeyException notYet) {
      waiting.putIfAbsent(name, "");
      watchKeys.run();
    }
    try {
      return opened(name, sealed);
    } catch (KeyException stillSealed) {
      String said =
          "%s, version %s, is sealed and not applied yet: %s"
              .formatted(name, Long.toUnsignedString(version), stillSealed.getMessage());
      if (!said.equals(waiting.put(name, said))) {
        say.accept(said);
      }
      throw stillSealed;
    }
  }

  private Bytes opened(String name, Bytes sealed) throws KeyException {
    Bytes content = Bytes.of(Box.parse(sealed.toArray()).open(keys));
    waiting.remove(name);
    return content;
  }

  /** Whether anything would be tried again. */
  boolean isAnythingWaiting() {
    return !waiting.isEmpty();
  }

  boolean isConfigurationWaiting() {
    return waiting.containsKey(CONFIGURATION);
  }

  boolean isFileWaiting(String filename) {
    return waiting.containsKey(name(filename));
  }

  /** Nothing waits any more: the service begins anew, maybe in another group. */
  void forget() {
    waiting.clear();
  }

  private static String name(String filename) {
    return "File " + filename.replaceAll("\\p{Cntrl}", "?");
  }
}

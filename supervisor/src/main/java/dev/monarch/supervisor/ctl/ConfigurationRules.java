package dev.monarch.supervisor.ctl;

import dev.monarch.supervisor.layers.ConfigurationLayers;
import dev.monarch.supervisor.layers.Doubts;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import dev.monarch.wire.control.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What is let into the ring for a service group, and what is said about it (control.md 7.7 to 7.9).
 *
 * <pre>
 *   more than 65,536 bytes                NetErr 8
 *   to validate: not UTF-8, not TOML      NetErr 6
 *                at odds with the defaults    NetErr 7, which commands take for a warning
 *   a version above the one in force      told to the ring, NetOk
 *   any other version                     NetOk as well, and whoever takes lines is told why not
 * </pre>
 *
 * <p>What is set is not parsed: it may be a sealed box, and an original does not parse it either.
 * Who could not use it says so to the ring ({@link dev.monarch.wire.AppliedConfiguration}).
 */
public final class ConfigurationRules {
  /** The original's limit (supervisor.md 6.5 and 6.8); for a sealed box it counts the box. */
  public static final int BYTES_MAX = 65_536;

  private ConfigurationRules() {}

  /**
   * Whether a configuration could be one, and whether a service of the group would know what to do
   * with it.
   *
   * @param defaults those of a service of that group; empty if none is here, or it has none
   */
  public static ControlReply.Last validate(SvcValidateCfg request, Optional<Layer> defaults) {
    if (request.configuration().size() > BYTES_MAX) {
      return new NetErr(ErrorCode.ENTITY_TOO_LARGE, "Configuration too large.");
    }
    try {
      Layer layer = Layer.gossip(text(request.configuration()), 0);
      List<String> problems = ConfigurationLayers.NONE.with(layer).problems();
      return problems.isEmpty()
          ? defaults.flatMap(known -> doubt(layer, known)).orElseGet(NetOk::new)
          : undecodable(problems.getFirst());
    } catch (TreeException wrong) {
      return undecodable(String.valueOf(wrong.getMessage()));
    } catch (CharacterCodingException binary) {
      return undecodable("expected UTF-8 text, found other bytes; save the file as UTF-8");
    }
  }

  private static Optional<ControlReply.Last> doubt(Layer configuration, Layer defaults) {
    return Doubts.about(configuration.tree(), defaults.tree())
        .map(
            doubts ->
                new NetErr(
                    ErrorCode.INVALID_PAYLOAD,
                    "Configuration is at odds with %s: %s; unless that is meant, correct it and apply it with a higher version"
                        .formatted(defaults.source(), doubts)));
  }

  private static String text(Bytes configuration) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(configuration.toArray()))
        .toString();
  }

  private static NetErr undecodable(String reason) {
    return new NetErr(ErrorCode.BAD_PAYLOAD, "Unable to decode configuration as TOML, " + reason);
  }

  /** Why a configuration is not let in, if so. */
  public static Optional<NetErr> objection(SvcSetCfg request) {
    return tooLarge(request.configuration(), "Configuration too large.");
  }

  /** Why a file is not let in, if so. */
  public static Optional<NetErr> objection(SvcFilePut request) {
    return tooLarge(request.content(), "File content too large.");
  }

  private static Optional<NetErr> tooLarge(Bytes content, String text) {
    return content.size() > BYTES_MAX
        ? Optional.of(new NetErr(ErrorCode.ENTITY_TOO_LARGE, text))
        : Optional.empty();
  }

  /**
   * What the ring makes of a version.
   *
   * @param inForce the version that the ring has, unsigned
   * @param same true if that version has the same content
   */
  public record Standing(long inForce, boolean same) {}

  /**
   * Why a version changes nothing.
   *
   * @param what it is a version of, such as {@code the configuration}
   */
  public static List<ControlReply.Partial> withoutEffect(
      String what, ServiceGroup group, long version, Standing standing) {
    String found = Long.toUnsignedString(standing.inForce());
    String asked = Long.toUnsignedString(version);
    String text =
        standing.same() && standing.inForce() == version
            ? "Version %s of %s of %s is in force already, with the same content"
                .formatted(asked, what, group)
            : "Version %s of %s of %s is in force, so version %s changes nothing; apply it with a version above %s, such as $(date +%%s)"
                .formatted(found, what, group, asked, found);
    return warning(text);
  }

  /** As the original's commands show a warning (control.md 9). */
  private static List<ControlReply.Partial> warning(String text) {
    return List.of(
        new ConsoleLine("Ø " + text, Optional.of("Yellow"), true),
        new ConsoleLine("\n", Optional.empty(), false));
  }
}

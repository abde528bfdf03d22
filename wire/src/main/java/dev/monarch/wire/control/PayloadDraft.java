package dev.monarch.wire.control;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.ServiceGroup;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way in that carries something for a service group: {@code SvcValidateCfg},
 * {@code SvcSetCfg}, {@code SvcFilePut}.
 */
final class PayloadDraft extends Draft {
  /** Which of the three; each has its own numbers. */
  enum Kind {
    VALIDATE,
    SET,
    FILE
  }

  private final Kind kind;
  private @Nullable ServiceGroupDraft group;
  private @Nullable Bytes payload;
  private @Nullable String filename;
  private @Nullable Long version;
  private boolean encrypted;
  private boolean takesLines;
  private OptionalLong waitSeconds = OptionalLong.empty();

  PayloadDraft(Kind kind) {
    this.kind = kind;
  }

  @Override
  protected void read(ProstReader in) throws RefusedException {
    if (in.field() == 1) {
      group = group == null ? new ServiceGroupDraft() : group;
      group.merge(in.message());
      return;
    }
    switch (kind) {
      case VALIDATE -> readValidate(in);
      case SET -> readSet(in);
      case FILE -> readFile(in);
    }
  }

  private void readValidate(ProstReader in) throws RefusedException {
    switch (in.field()) {
      // The format: there is but TOML, and an unknown number means TOML (control.md 7.7).
      case 2 -> in.int32();
      case 3 -> payload = in.byteString();
      default -> in.skip();
    }
  }

  private void readSet(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 2 -> payload = in.byteString();
      case 3 -> version = in.int64();
      case 4 -> encrypted = in.bool();
      case ControlCodec.WAIT_SECONDS ->
          waitSeconds = OptionalLong.of(Integer.toUnsignedLong(in.int32()));
      case ControlCodec.TAKES_LINES -> takesLines = in.bool();
      default -> in.skip();
    }
  }

  private void readFile(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 2 -> payload = in.byteString();
      case 3 -> filename = in.text();
      case 4 -> version = in.int64();
      case 5 -> encrypted = in.bool();
      case ControlCodec.TAKES_LINES -> takesLines = in.bool();
      default -> in.skip();
    }
  }

  ControlRequest.ConfigurationRequest finish() throws RefusedException {
    return switch (kind) {
      case VALIDATE -> {
        Bytes configuration = required(payload, "a configuration in SvcValidateCfg");
        Optional<ServiceGroup> meant =
            group == null ? Optional.empty() : Optional.of(group.finish());
        yield new ControlRequest.SvcValidateCfg(meant, configuration);
      }
      case SET -> {
        ServiceGroup to = requiredGroup("SvcSetCfg");
        Bytes configuration = required(payload, "a configuration in SvcSetCfg");
        long number = required(version, "a version in SvcSetCfg");
        yield Valid.orRefused(
            () ->
                new ControlRequest.SvcSetCfg(
                    to, configuration, number, encrypted, takesLines, waitSeconds));
      }
      case FILE -> {
        ServiceGroup to = requiredGroup("SvcFilePut");
        Bytes content = required(payload, "a content in SvcFilePut");
        String name = required(filename, "a file name in SvcFilePut");
        long number = required(version, "a version in SvcFilePut");
        yield Valid.orRefused(
            () -> new ControlRequest.SvcFilePut(to, content, name, number, encrypted, takesLines));
      }
    };
  }

  private ServiceGroup requiredGroup(String message) throws RefusedException {
    return required(group, "a service group in " + message).finish();
  }
}

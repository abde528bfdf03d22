package dev.monarch.wire.control;

import dev.monarch.wire.Draft;
import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Replies on their way in. A field that is required and absent is zero, as there. */
abstract class ReplyDraft extends Draft {
  abstract ControlReply finish() throws RefusedException;

  /** Nothing to say. */
  static final class Ok extends ReplyDraft {
    @Override
    protected void read(ProstReader in) throws RefusedException {
      in.skip();
    }

    @Override
    ControlReply finish() {
      return new ControlReply.NetOk();
    }
  }

  static final class Err extends ReplyDraft {
    private int code;
    private String message = "";

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> code = in.int32();
        case 2 -> message = in.text();
        default -> in.skip();
      }
    }

    @Override
    ControlReply finish() {
      return new NetErr(
          Arrays.stream(ErrorCode.values())
              .filter(known -> known.number() == code)
              .findFirst()
              .orElse(ErrorCode.INTERNAL),
          message);
    }
  }

  static final class Line extends ReplyDraft {
    private String line = "";
    private @Nullable String colour;
    private boolean bold;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> line = in.text();
        case 2 -> colour = in.text();
        case 3 -> bold = in.bool();
        default -> in.skip();
      }
    }

    @Override
    ControlReply finish() {
      return new ConsoleLine(line, Optional.ofNullable(colour), bold);
    }
  }

  static final class Progress extends ReplyDraft {
    private long total;
    private long position;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> total = in.int64();
        case 2 -> position = in.int64();
        default -> in.skip();
      }
    }

    @Override
    ControlReply finish() {
      return new NetProgress(total, position);
    }
  }

  static final class Configuration extends ReplyDraft {
    private @Nullable String text;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        // The format: there is but TOML.
        case 1 -> in.int32();
        case 2 -> text = in.text();
        default -> in.skip();
      }
    }

    @Override
    ControlReply finish() {
      return new ServiceCfg(Optional.ofNullable(text));
    }
  }

  static final class Status extends ReplyDraft {
    private static final int DOWN = 0;
    private static final int UP = 1;

    private final IdentDraft ident = new IdentDraft();
    private final ServiceGroupDraft group = new ServiceGroupDraft();
    private @Nullable ProcessDraft process;
    private Optional<DesiredState> desired = Optional.empty();

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> ident.merge(in.message());
        case 2 -> {
          process = process == null ? new ProcessDraft() : process;
          process.merge(in.message());
        }
        case 3 -> group.merge(in.message());
        case 5 -> desired = desired(in.int32());
        default -> in.skip();
      }
    }

    /** Minus one says "none", which is as good as absent. */
    private static Optional<DesiredState> desired(int number) {
      return switch (number) {
        case DOWN -> Optional.of(DesiredState.DOWN);
        case UP -> Optional.of(DesiredState.UP);
        default -> Optional.empty();
      };
    }

    @Override
    ControlReply finish() throws RefusedException {
      return new ServiceStatus(
          ident.finish(),
          required(process, "a process in ServiceStatus").finish(),
          group.finish(),
          desired);
    }
  }

  private static final class ProcessDraft extends Draft {
    private static final int UP = 1;

    private OptionalLong elapsedSeconds = OptionalLong.empty();
    private OptionalInt pid = OptionalInt.empty();
    private int state;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> elapsedSeconds = OptionalLong.of(in.int64());
        case 2 -> pid = OptionalInt.of(in.int32());
        case 3 -> state = in.int32();
        default -> in.skip();
      }
    }

    ServiceProcess finish() {
      return new ServiceProcess(
          elapsedSeconds, pid, state == UP ? ProcessState.UP : ProcessState.DOWN);
    }
  }
}

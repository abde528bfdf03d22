package dev.monarch.wire.control;

import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.Draft;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcGetDefaultCfg;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStepDown;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcUnload;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Messages of the control gateway, and the frames they come in (control.md 2 to 4).
 *
 * <p>What is encoded is byte for byte what an original would send. What is refused has one of these
 * reasons:
 *
 * <pre>
 *   UNKNOWN_TYPE    a name that is no message, or none that belongs there
 *   MALFORMED       not a protobuf message
 *   FIELD_MISSING   without a field that the receiver cannot do without
 *   FIELD_INVALID   a name that could leave its directory, a group that is none
 *   OVERSIZED       more binds than a package can have
 * </pre>
 */
public final class ControlCodec {
  private static final String HANDSHAKE = "Handshake";

  /** Fields of {@code SvcSetCfg} and {@code SvcFilePut} that are ours; an original skips them. */
  static final int WAIT_SECONDS = 2000;

  static final int TAKES_LINES = 2001;

  private ControlCodec() {}

  /** The first frame of a connection. */
  public static Frame frame(Transaction transaction, Handshake handshake) {
    return frame(transaction, HANDSHAKE, new MessageWriter().text(1, handshake.secretKey()));
  }

  public static Frame frame(Transaction transaction, ControlRequest request) {
    return frame(transaction, name(request), write(request));
  }

  public static Frame frame(Transaction transaction, ControlReply reply) {
    return frame(transaction, name(reply), write(reply));
  }

  private static Frame frame(Transaction transaction, String name, MessageWriter message) {
    return new Frame(Optional.of(transaction), name, message.finish());
  }

  public static Decoded<Handshake> handshake(Frame frame) {
    try {
      if (!frame.messageId().equals(HANDSHAKE)) {
        throw unknown("a handshake", frame);
      }
      return new Accepted<>(new Handshake(text(frame).orElse("")), 0);
    } catch (RefusedException refused) {
      return refused.rejected();
    }
  }

  public static Decoded<ControlRequest> request(Frame frame) {
    try {
      return new Accepted<>(readRequest(frame), 0);
    } catch (RefusedException refused) {
      return refused.rejected();
    }
  }

  public static Decoded<ControlReply> reply(Frame frame) {
    try {
      return new Accepted<>(Draft.decode(replyDraft(frame), frame.body().toArray()).finish(), 0);
    } catch (RefusedException refused) {
      return refused.rejected();
    }
  }

  private static ControlRequest readRequest(Frame frame) throws RefusedException {
    String name = frame.messageId();
    return switch (name) {
      case "SvcLoad" -> Draft.decode(new SvcLoadDraft(), bytes(frame)).finish();
      case "SvcUpdate" -> Draft.decode(new SvcUpdateDraft(), bytes(frame)).finish();
      case "SvcUnload" -> {
        NamedServiceDraft unload = service(frame, true);
        yield new SvcUnload(unload.requiredIdent(name), unload.timeoutSeconds());
      }
      case "SvcStart" -> new SvcStart(service(frame, false).requiredIdent(name));
      case "SvcStop" -> {
        NamedServiceDraft stop = service(frame, true);
        yield new SvcStop(stop.requiredIdent(name), stop.timeoutSeconds());
      }
      case "SvcStatus" -> new SvcStatus(service(frame, false).ident());
      case "SvcGetDefaultCfg" -> new SvcGetDefaultCfg(service(frame, false).requiredIdent(name));
      case "SvcValidateCfg" -> payload(frame, PayloadDraft.Kind.VALIDATE);
      case "SvcSetCfg" -> payload(frame, PayloadDraft.Kind.SET);
      case "SvcFilePut" -> payload(frame, PayloadDraft.Kind.FILE);
      case "SupDepart" -> {
        Optional<String> memberId = text(frame);
        if (memberId.isEmpty()) {
          throw new RefusedException(
              Rejection.FIELD_MISSING, "expected a member id in SupDepart, found no such field");
        }
        yield Valid.orRefused(() -> new SupDepart(memberId.get()));
      }
      case "SupRestart" -> {
        text(frame);
        yield new SupRestart();
      }
      case "SvcStepDown" -> {
        Optional<String> group = text(frame);
        if (group.isEmpty()) {
          throw new RefusedException(
              Rejection.FIELD_MISSING,
              "expected a service group in SvcStepDown, found no such field");
        }
        yield Valid.orRefused(() -> new SvcStepDown(new ServiceGroup(group.get())));
      }
      default -> throw unknown("a request", frame);
    };
  }

  private static byte[] bytes(Frame frame) {
    return frame.body().toArray();
  }

  private static NamedServiceDraft service(Frame frame, boolean hasTimeout)
      throws RefusedException {
    return Draft.decode(new NamedServiceDraft(hasTimeout), bytes(frame));
  }

  private static ControlRequest payload(Frame frame, PayloadDraft.Kind kind)
      throws RefusedException {
    return Draft.decode(new PayloadDraft(kind), bytes(frame)).finish();
  }

  private static Optional<String> text(Frame frame) throws RefusedException {
    return Draft.decode(new TextDraft(), bytes(frame)).text();
  }

  private static ReplyDraft replyDraft(Frame frame) throws RefusedException {
    return switch (frame.messageId()) {
      case "NetOk" -> new ReplyDraft.Ok();
      case "NetErr" -> new ReplyDraft.Err();
      case "ConsoleLine" -> new ReplyDraft.Line();
      case "NetProgress" -> new ReplyDraft.Progress();
      case "ServiceCfg" -> new ReplyDraft.Configuration();
      case "ServiceStatus" -> new ReplyDraft.Status();
      default -> throw unknown("a reply", frame);
    };
  }

  private static RefusedException unknown(String expected, Frame frame) {
    return new RefusedException(
        Rejection.UNKNOWN_TYPE,
        "expected " + expected + ", found " + RefusedException.quote(frame.messageId()));
  }

  /** The name of a message on the wire is that of its record. */
  private static String name(Object message) {
    return message.getClass().getSimpleName();
  }

  private static MessageWriter write(ControlRequest request) {
    var out = new MessageWriter();
    switch (request) {
      case SvcLoad load -> write(out.message(1, ident(load.ident())), load);
      case SvcUpdate update -> write(out.message(1, ident(update.ident())), update);
      case SvcUnload unload -> stop(out, unload.ident(), unload.timeoutSeconds());
      case SvcStart start -> out.message(1, ident(start.ident()));
      case SvcStop stop -> stop(out, stop.ident(), stop.timeoutSeconds());
      case SvcStatus status -> status.ident().ifPresent(found -> out.message(1, ident(found)));
      case SvcGetDefaultCfg get -> out.message(1, ident(get.ident()));
      case SvcValidateCfg validate -> {
        validate.group().ifPresent(group -> out.message(1, group(group)));
        out.bytes(3, validate.configuration());
      }
      case SvcSetCfg set -> {
        out.message(1, group(set.group())).bytes(2, set.configuration()).number(3, set.version());
        flagIfSet(out, 4, set.encrypted());
        set.waitSeconds().ifPresent(seconds -> out.number(WAIT_SECONDS, seconds));
        flagIfSet(out, TAKES_LINES, set.takesLines());
      }
      case SvcFilePut put -> {
        out.message(1, group(put.group())).bytes(2, put.content()).text(3, put.filename());
        flagIfSet(out.number(4, put.version()), 5, put.encrypted());
        flagIfSet(out, TAKES_LINES, put.takesLines());
      }
      case SupDepart depart -> out.text(1, depart.memberId());
      case SupRestart() -> {}
      case SvcStepDown(ServiceGroup group) -> out.text(1, group.text());
    }
    return out;
  }

  private static MessageWriter ident(Ident ident) {
    var out = new MessageWriter().text(1, ident.origin()).text(2, ident.name());
    ident.version().ifPresent(version -> out.text(3, version));
    ident.release().ifPresent(release -> out.text(4, release));
    return out;
  }

  private static MessageWriter group(ServiceGroup group) {
    var out = new MessageWriter().text(1, group.service()).text(2, group.group());
    group.organization().ifPresent(organization -> out.text(4, organization));
    return out;
  }

  private static void stop(MessageWriter out, Ident ident, OptionalLong timeoutSeconds) {
    out.message(1, ident(ident));
    timeoutSeconds.ifPresent(seconds -> out.number(3, seconds));
  }

  private static void flagIfSet(MessageWriter out, int field, boolean flag) {
    if (flag) {
      out.flag(field, true);
    }
  }

  /** The two fields that an update does not have stand between the others. */
  private static void write(MessageWriter out, SvcLoad load) {
    for (SpecField field : SpecField.In.LOAD.ascending()) {
      if (field == SpecField.GROUP) {
        load.configFrom().ifPresent(directory -> out.text(8, directory));
        out.flag(9, load.force());
      }
      write(out, SpecField.In.LOAD.number(field), field, load.change());
    }
  }

  private static void write(MessageWriter out, SvcUpdate update) {
    for (SpecField field : SpecField.In.UPDATE.ascending()) {
      write(out, SpecField.In.UPDATE.number(field), field, update.change());
    }
  }

  private static void write(MessageWriter out, int number, SpecField field, SpecChange change) {
    switch (field) {
      case BINDS -> change.binds().ifPresent(binds -> out.message(number, binds(binds)));
      case BINDING_MODE ->
          change.bindingMode().ifPresent(mode -> out.choice(number, mode.number()));
      case BUILDER_URL -> change.builderUrl().ifPresent(url -> out.text(number, url));
      case CHANNEL -> change.channel().ifPresent(channel -> out.text(number, channel));
      case GROUP -> change.group().ifPresent(group -> out.text(number, group));
      case ENCRYPTED_PASSWORD ->
          change.encryptedPassword().ifPresent(password -> out.text(number, password));
      case TOPOLOGY ->
          change.topology().ifPresent(topology -> out.choice(number, topology.number()));
      case UPDATE_STRATEGY ->
          change.updateStrategy().ifPresent(strategy -> out.choice(number, strategy.number()));
      case UPDATE_CONDITION ->
          change.updateCondition().ifPresent(condition -> out.choice(number, condition.number()));
      case HEALTH_CHECK_INTERVAL ->
          change
              .healthCheckIntervalSeconds()
              .ifPresent(seconds -> out.message(number, new MessageWriter().number(1, seconds)));
      case SHUTDOWN_TIMEOUT ->
          change.shutdownTimeoutSeconds().ifPresent(seconds -> out.number(number, seconds));
    }
  }

  private static MessageWriter binds(Iterable<ServiceBind> binds) {
    var out = new MessageWriter();
    for (ServiceBind bind : binds) {
      out.message(1, new MessageWriter().text(1, bind.name()).message(2, group(bind.group())));
    }
    return out;
  }

  private static MessageWriter write(ControlReply reply) {
    var out = new MessageWriter();
    return switch (reply) {
      case NetOk() -> out;
      case NetErr(ErrorCode code, String message) -> out.choice(1, code.number()).text(2, message);
      case ConsoleLine(String line, Optional<String> colour, boolean bold) -> {
        out.text(1, line);
        colour.ifPresent(name -> out.text(2, name));
        yield out.flag(3, bold);
      }
      case NetProgress(long total, long position) -> out.number(1, total).number(2, position);
      case ServiceCfg(Optional<String> text) -> {
        out.choice(1, 0);
        text.ifPresent(found -> out.text(2, found));
        yield out;
      }
      case ServiceStatus status -> {
        out.message(1, ident(status.ident()))
            .message(2, process(status.process()))
            .message(3, group(status.group()));
        status.desiredState().ifPresent(state -> out.choice(5, state.number()));
        yield out;
      }
    };
  }

  private static MessageWriter process(ServiceProcess process) {
    var out = new MessageWriter();
    process.elapsedSeconds().ifPresent(seconds -> out.number(1, seconds));
    process.pid().ifPresent(pid -> out.number(2, Integer.toUnsignedLong(pid)));
    return out.choice(3, process.state().number());
  }
}

package dev.monarch.simulator;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.rumor.RumorKey;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Swim;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The last things that happened, kept as they are and made readable only when a run fails.
 *
 * <p>A member is written as its host, {@code h3}, and its record as {@code h3@7 suspect}: host,
 * incarnation, health. A member that never had a host keeps the beginning of its id.
 */
final class Trace {
  /** As many as a person reads. */
  private static final int LINES_MAX = 200;

  /** A line about a flood of records is cut here. */
  private static final int COLUMNS_MAX = 400;

  private record Line(
      long at, int host, @Nullable Input input, List<Output> outputs, String note) {}

  private final Function<String, @Nullable Host> hostOf;
  private final Function<Endpoint, @Nullable Host> hostAt;
  private final @Nullable Line[] lines = new @Nullable Line[LINES_MAX];
  private long count;

  Trace(Function<String, @Nullable Host> hostOf, Function<Endpoint, @Nullable Host> hostAt) {
    this.hostOf = hostOf;
    this.hostAt = hostAt;
  }

  void add(long at, int host, Input input, List<Output> outputs) {
    lines[(int) (count++ % LINES_MAX)] = new Line(at, host, input, outputs, "");
  }

  void note(long at, String note) {
    lines[(int) (count++ % LINES_MAX)] = new Line(at, Host.OUTSIDER, null, List.of(), note);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (long i = Math.max(0, count - LINES_MAX); i < count; i++) {
      Line line = lines[(int) (i % LINES_MAX)];
      if (line != null) {
        append(text, line);
      }
    }
    return text.toString();
  }

  private void append(StringBuilder text, Line line) {
    Input input = line.input();
    text.append("%12.6f ".formatted(line.at() / 1e9));
    if (input == null) {
      text.append(line.note());
    } else {
      text.append("h%-3d ".formatted(line.host())).append(cut(describe(input)));
    }
    text.append('\n');
    for (Output output : line.outputs()) {
      text.append("                   -> ").append(cut(describe(output))).append('\n');
    }
  }

  private String describe(Input input) {
    return switch (input) {
      case Input.DatagramHeard(Endpoint source, Swim message) ->
          name(source) + " says " + describe(message);
      case Input.RumorHeard(Rumor rumor) -> "rumor " + describe(rumor);
      case Input.PushEnded(long id, boolean delivered) ->
          "push " + id + (delivered ? " delivered" : " failed");
      case Input.LinkLost(String id) -> "lost the connection to " + name(id);
      case Input.TimePassed() -> "time";
      case Input.Publish(Rumor rumor) -> "publish " + describe(rumor);
      case Input.Depart(String id) -> "depart " + name(id);
      case Input.StandForElection _,
          Input.StandForUpdateElection _,
          Input.SuitabilityKnown _,
          Input.RestartElection _,
          Input.StepDown _,
          Input.PeersKnown _,
          Input.Leave _,
          Input.Block _ ->
          input.toString();
    };
  }

  private String describe(Output output) {
    return switch (output) {
      case Output.Send(Endpoint to, Swim message) -> "to " + name(to) + " " + describe(message);
      case Output.Push(long id, String memberId, Endpoint to, List<Rumor> rumors) ->
          "push %d to %s at %s %s"
              .formatted(
                  id,
                  name(memberId),
                  name(to),
                  rumors.stream().map(this::describe).collect(Collectors.joining(", ", "[", "]")));
      case Output.MemberChanged(Member member, var from, var to) ->
          "%s: %s -> %s"
              .formatted(
                  describe(member), from.map(Enum::toString).orElse("unknown"), to.toString());
      case Output.CloseLink(String id) -> "close the connection to " + name(id);
      case Output.StoreIncarnation(long incarnation) ->
          "store incarnation " + Long.toUnsignedString(incarnation);
      case Output.ProbeEnded(String id, Output.ProbeStage stage, boolean answered, _) ->
          "%s of %s %s".formatted(stage, name(id), answered ? "answered" : "not answered");
      case Output.RumorStored(var rumor) -> "stored " + RumorKey.of(rumor);
      case Output.DepartureOrdered _, Output.OwnIdHeard _ -> output.toString();
    };
  }

  private String describe(Swim message) {
    String forwarded =
        switch (message) {
          case Swim.Ping ping -> ping.forwardTo().map(to -> " for " + describe(to)).orElse("");
          case Swim.Ack ack -> ack.forwardTo().map(to -> " for " + describe(to)).orElse("");
          case Swim.PingReq request -> " about " + describe(request.target());
          case Swim.ProbePing _ -> "";
        };
    String riding =
        message.membership().stream().map(this::describe).collect(Collectors.joining(", "));
    return "%s of %s%s [%s]"
        .formatted(message.getClass().getSimpleName(), describe(message.from()), forwarded, riding);
  }

  private String describe(Rumor rumor) {
    return rumor instanceof MemberRumor member
        ? describe(member.membership())
        : rumor.kind().text() + " of " + name(rumor.fromId());
  }

  private String describe(Membership membership) {
    return describe(membership.member())
        + " "
        + membership.health().text().toLowerCase(java.util.Locale.ROOT);
  }

  private String describe(Member member) {
    return name(member.id())
        + "@"
        + Long.toUnsignedString(member.incarnation())
        + (member.departed() ? " departed" : "");
  }

  private String name(String memberId) {
    Host host = hostOf.apply(memberId);
    if (host == null) {
      return memberId.substring(0, Math.min(6, memberId.length()));
    }
    return host.id().equals(memberId)
        ? "h" + host.index()
        : "h" + host.index() + "-formerly-" + memberId.substring(0, Math.min(6, memberId.length()));
  }

  private String name(Endpoint endpoint) {
    Host host = hostAt.apply(endpoint);
    return host == null ? endpoint.toString() : "h" + host.index();
  }

  private static String cut(String text) {
    return text.length() <= COLUMNS_MAX ? text : text.substring(0, COLUMNS_MAX) + " …";
  }
}

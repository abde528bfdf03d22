package dev.monarch.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.supervisor.http.Json;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Supervisor says about the members of a group while it waits for them, one line for each,
 * as objects for programs:
 *
 * <pre>
 *   web1 (0123…): applied version 7
 *   web2 (4567…): rejected version 7: expected TOML …
 *   web3 (89ab…): timed out, last told of version 6
 *   web4 (4711…): down, and will apply it when it starts
 *   old1 (cdef…): does not tell, as an original Supervisor
 * </pre>
 *
 * <p>The last that is said of a member counts: what it rejected it may apply after all. Any other
 * line is a remark.
 */
final class MemberLines implements Consumer<ConsoleLine> {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<host>.*) \\((?<id>\\S+)\\): (?<outcome>applied|rejected|down|timed out|does not"
              + " tell)(?: version (?<version>\\d+))?(?:: |, )?(?<detail>.*)");

  /** By their ids, in the order of their first lines. */
  private final Map<String, String> members = new LinkedHashMap<>();

  private final List<String> remarks = new ArrayList<>();
  private final StringBuilder unfinished = new StringBuilder();

  @Override
  public void accept(ConsoleLine piece) {
    unfinished.append(piece.line());
    int end = unfinished.indexOf("\n");
    while (end >= 0) {
      take(unfinished.substring(0, end));
      unfinished.delete(0, end + 1);
      end = unfinished.indexOf("\n");
    }
  }

  private void take(String line) {
    Matcher form = FORM.matcher(line);
    if (form.matches()) {
      members.put(form.group("id"), json(form));
    } else {
      remarks.add(line);
    }
  }

  private static String json(Matcher form) {
    return text(
        Json.object(
            json -> {
              json.text("host", form.group("host"));
              json.text("member_id", form.group("id"));
              json.text("outcome", form.group("outcome").replace(' ', '_'));
              if (form.group("version") != null) {
                json.unsigned("version", Long.parseUnsignedLong(form.group("version")));
              }
              if (!form.group("detail").isEmpty()) {
                json.text("detail", form.group("detail"));
              }
            }));
  }

  /** What was said of no single member. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** An array of objects, one a line. */
  String json() {
    return members.values().stream().collect(Collectors.joining(",\n ", "[", "]"));
  }

  private static String text(byte[] json) {
    return new String(json, UTF_8);
  }
}

package dev.monarch.supervisor.template;

import dev.monarch.packages.MalformedIdentException;
import dev.monarch.packages.PackageIdent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The helpers that render what is between their tags, or look at the whole context. */
final class Blocks {
  static final Map<String, Helper.Flow> BY_NAME =
      Map.of(
          "if", (call, renderer, output) -> choose(call, truth(call), renderer, output),
          "unless", (call, renderer, output) -> choose(call, !truth(call), renderer, output),
          "with", Blocks::with,
          "each", Blocks::each,
          "eachAlive", Blocks::eachAlive,
          "raw", (call, renderer, output) -> renderer.body(call.body(), output),
          "pkgPathFor", Blocks::packagePath);

  private Blocks() {}

  private static boolean truth(Invocation call) throws RenderFault {
    boolean includeZero = Boolean.TRUE.equals(call.hash().get("includeZero"));
    return Values.isTrue(call.value(0), includeZero);
  }

  private static void choose(Invocation call, boolean truth, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    renderer.body(truth ? call.body() : call.otherwise(), output);
  }

  /** The surroundings' {@code @index} and the like stay visible. */
  private static void with(Invocation call, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    Object value = call.value(0);
    if (!Values.isTrue(value, false)) {
      renderer.body(call.otherwise(), output);
      return;
    }
    var scope = new Scope(value);
    scope.next(
        value,
        renderer.scope().locals(),
        call.names().size() == 1 ? named(call, value, 0L) : Map.of());
    renderer.inside(scope, call.body(), output);
  }

  private static void each(Invocation call, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    Object value = call.value(0);
    boolean hasElse = call.otherwise().isPresent();
    switch (value) {
      case List<?> list when !(list.isEmpty() && hasElse) -> {
        var scope = new Scope(list);
        for (int i = 0; i < list.size(); i++) {
          Object element = list.get(i);
          scope.next(
              element,
              Map.of("index", (long) i, "first", i == 0, "last", i == list.size() - 1),
              named(call, element, (long) i));
          renderer.inside(scope, call.body(), output);
        }
      }
      case Map<?, ?> map when !(map.isEmpty() && hasElse) -> {
        var scope = new Scope(map);
        long index = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          String key = (String) entry.getKey();
          boolean last = index == map.size() - 1;
          scope.next(
              entry.getValue(),
              Map.of("index", index, "key", key, "first", index == 0, "last", last),
              named(call, entry.getValue(), key));
          renderer.inside(scope, call.body(), output);
          index++;
        }
      }
      case null, default -> renderer.body(call.otherwise(), output);
    }
  }

  /** Counts from 1, and only those that are alive. */
  private static void eachAlive(Invocation call, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    Invocation.Argument argument = call.argument(0);
    if (call.body().isEmpty()) {
      return;
    }
    switch (argument.value()) {
      case Object value when !Values.isTrue(value, false) ->
          renderer.body(call.otherwise(), output);
      case null -> renderer.body(call.otherwise(), output);
      case List<?> list -> aliveOf(list, call, renderer, output);
      case Map<?, ?> member -> {
        if (isAlive(member)) {
          fieldsOf(member, call, renderer, output);
        }
      }
      default ->
          throw new RenderFault(
              "Invalid param type, Param type is not iterable. expected: " + argument);
    }
  }

  private static void aliveOf(List<?> list, Invocation call, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    List<?> alive = list.stream().filter(Blocks::isAlive).toList();
    var scope = new Scope(list);
    long number = 1;
    for (Object member : alive) {
      scope.next(
          member,
          Map.of("index", number, "first", number == 1, "last", number == alive.size()),
          named(call, member, number));
      renderer.inside(scope, call.body(), output);
      number++;
    }
  }

  private static void fieldsOf(Map<?, ?> member, Invocation call, Renderer renderer, Output output)
      throws RenderFault, TemplateException {
    var scope = new Scope(member);
    Iterator<? extends Map.Entry<?, ?>> entries = member.entrySet().iterator();
    for (boolean first = true; entries.hasNext(); first = false) {
      Map.Entry<?, ?> entry = entries.next();
      String key = (String) entry.getKey();
      scope.next(
          entry.getValue(), Map.of("key", key, "first", first), named(call, entry.getValue(), key));
      renderer.inside(scope, call.body(), output);
    }
  }

  private static boolean isAlive(@Nullable Object member) {
    return member instanceof Map<?, ?> fields && Boolean.TRUE.equals(fields.get("alive"));
  }

  /** The block parameters: the value, then its index or key. */
  private static Map<String, @Nullable Object> named(
      Invocation call, @Nullable Object value, Object key) {
    if (call.names().isEmpty()) {
      return Map.of();
    }
    Map<String, @Nullable Object> named = new HashMap<>();
    named.put(call.names().getFirst(), value);
    if (call.names().size() > 1) {
      named.put(call.names().get(1), key);
    }
    return named;
  }

  /** Where the first of the package's dependencies that satisfies the ident is installed. */
  private static void packagePath(Invocation call, Renderer renderer, Output output)
      throws RenderFault {
    Optional<PackageIdent> wanted = Optional.empty();
    if (!call.arguments().isEmpty()) {
      wanted = Values.text(call.value(0)).flatMap(Blocks::ident);
    }
    if (wanted.isEmpty()) {
      throw new RenderFault(
          "Invalid package identifier for \"pkgPathFor\""
              + (call.arguments().isEmpty() ? "" : ": " + call.argument(0)));
    }
    Object dependencies = Values.member(Values.member(renderer.root(), "pkg"), "deps");
    if (dependencies instanceof List<?> list) {
      for (Object dependency : list) {
        Optional<PackageIdent> ident = identOf(dependency);
        if (ident.isPresent() && ident.get().satisfies(wanted.get())) {
          output.write(
              renderer
                  .fileSystemRoot()
                  .resolve("hab/pkgs")
                  .resolve(ident.get().toString())
                  .toString());
          return;
        }
      }
    }
  }

  private static Optional<PackageIdent> identOf(@Nullable Object dependency) {
    if (!(dependency instanceof Map<?, ?> parts)) {
      return Optional.empty();
    }
    return ident(
        parts.get("origin")
            + "/"
            + parts.get("name")
            + "/"
            + parts.get("version")
            + "/"
            + parts.get("release"));
  }

  private static Optional<PackageIdent> ident(String text) {
    try {
      return Optional.of(PackageIdent.parse(text));
    } catch (MalformedIdentException notAnIdent) {
      return Optional.empty();
    }
  }
}

package dev.monarch.supervisor.template;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One rendering of one template.
 *
 * <p>Names are looked up in the innermost of the open scopes, block parameters in all of them from
 * the inside out. {@code ../} leaves a scope; only blocks that change the context have one, so it
 * does not leave an {@code if}.
 *
 * <p>A partial that stands alone on its line is indented as its tag is. Where a line begins is not
 * known before something is printed into it, so three facts are carried along: how much to indent,
 * whether the next text has to do so, and whether the last text ended a line. What helpers write
 * themselves (all that is not a plain value) takes no part in this, as in the original.
 */
final class Renderer {
  /** What {@code {{> @partial-block}}} asks for. */
  private static final String PARTIAL_BLOCK = "@partial-block";

  private final Map<String, Body> templates;
  private final Path fileSystemRoot;
  private final Map<String, Object> root;
  private final Budget budget = new Budget();
  private final List<Scope> scopes = new ArrayList<>();

  /** The rendered content of each open partial that was given some. */
  private final Deque<Optional<String>> contents = new ArrayDeque<>();

  /** Empty inside of blocks: there a template may include itself. */
  private Optional<String> current = Optional.empty();

  private Optional<String> indent = Optional.empty();
  private boolean indentNext;
  private boolean lineEnded;

  /** Something was printed since the innermost helper or partial began. */
  private boolean printed;

  private Renderer(Map<String, Body> templates, Path fileSystemRoot, Map<String, Object> root) {
    this.templates = templates;
    this.fileSystemRoot = fileSystemRoot;
    this.root = root;
    scopes.add(new Scope(root));
  }

  static String render(
      Body template, Map<String, Body> templates, Path fileSystemRoot, Map<String, Object> context)
      throws TemplateException {
    var renderer = new Renderer(templates, fileSystemRoot, context);
    var output = new Output(renderer.budget);
    try {
      Values.check(context, 0);
      renderer.body(Optional.of(template), output);
    } catch (RenderFault tooDeep) {
      throw TemplateException.rendering(template.template(), 1, 1, tooDeep.reason());
    }
    return output.toString();
  }

  Path fileSystemRoot() {
    return fileSystemRoot;
  }

  Map<String, Object> root() {
    return root;
  }

  Scope scope() {
    return scopes.getLast();
  }

  /** Renders a body, if there is one, inside a scope of its own. */
  void inside(Scope scope, Optional<Body> body, Output output)
      throws RenderFault, TemplateException {
    scopes.add(scope);
    body(body, output);
    scopes.removeLast();
  }

  /** Renders a body, if there is one. A fault gets the place of the element that has it. */
  void body(Optional<Body> body, Output output) throws RenderFault, TemplateException {
    budget.step();
    if (body.isEmpty()) {
      return;
    }
    budget.enter();
    current = body.filter(Body::whole).map(Body::template);
    for (Element element : body.get().elements()) {
      try {
        budget.step();
        element(element, output);
      } catch (RenderFault fault) {
        throw TemplateException.rendering(
            body.get().template(), element.at().line(), element.at().column(), fault.reason());
      }
    }
    budget.leave();
  }

  private void element(Element element, Output output) throws RenderFault, TemplateException {
    switch (element) {
      case Element.Text text -> print(text.text(), output);
      case Element.Expression expression -> expression(expression.call(), output);
      case Element.Block block ->
          helper(
              invocation(block.call(), block.names(), Optional.of(block.body()), block.otherwise()),
              block.ownLine(),
              output);
      case Element.Partial partial -> partial(partial, output);
      case Element.Decorator decorator -> decorator(decorator);
    }
  }

  // ---- printing

  /** Prints with the indentation of the partial around. */
  private void print(String text, Output output) throws RenderFault {
    if (text.isEmpty()) {
      return;
    }
    printed = true;
    boolean endsLine = Spaces.isLineEnd(text.charAt(text.length() - 1));
    if (indent.isPresent()) {
      boolean beginsWithLineEnd = Spaces.isLineEnd(text.charAt(0));
      output.write(indentNext && !beginsWithLineEnd ? indent.get() : "");
      printLines(text, indent.get(), output);
    } else {
      output.write(text);
    }
    lineEnded = endsLine;
    indentNext = endsLine;
  }

  /** The line behind the last line end is indented by what will be printed into it. */
  private static void printLines(String text, String indent, Output output) throws RenderFault {
    int done = 0;
    int lineEnd = text.indexOf('\n');
    while (lineEnd >= 0 && lineEnd < text.length() - 1) {
      output.write(text.substring(done, lineEnd + 1));
      output.write(indent);
      done = lineEnd + 1;
      lineEnd = text.indexOf('\n', done);
    }
    output.write(text.substring(done));
  }

  // ---- helpers

  private void expression(Call call, Output output) throws RenderFault, TemplateException {
    if (call.isNameOnly() && !Helpers.BY_NAME.containsKey(name(call))) {
      print(Values.printed(value(call.name())), output);
    } else {
      helper(invocation(call), false, output);
    }
  }

  private void helper(Invocation call, boolean ownLine, Output output)
      throws RenderFault, TemplateException {
    Helper helper = helper(call.name());
    boolean indentBefore = indentNext;
    boolean printedBefore = printed;
    printed = false;
    indentNext = indentBefore || (ownLine && lineEnded);
    switch (helper) {
      case Helper.Function function -> print(Values.printed(function.value(call)), output);
      case Helper.Condition condition -> {
        boolean holds = condition.holds(call);
        if (call.body().isPresent()) {
          body(holds ? call.body() : call.otherwise(), output);
        } else {
          output.write(Boolean.toString(holds));
        }
      }
      case Helper.Writer writer -> writer.write(call, output);
      case Helper.Flow flow -> flow.run(call, this, output);
    }
    settle(indentBefore, printedBefore);
  }

  /** What printed nothing leaves the line as it was. */
  private void settle(boolean indentBefore, boolean printedBefore) {
    if (printed) {
      indentNext = lineEnded;
    } else {
      printed = printedBefore;
      indentNext = indentBefore;
    }
  }

  private static Helper helper(String name) throws RenderFault {
    Helper helper = Helpers.BY_NAME.get(name);
    if (helper == null) {
      throw new RenderFault("Helper not found " + name);
    }
    return helper;
  }

  private Invocation invocation(Call call) throws RenderFault, TemplateException {
    return invocation(call, List.of(), Optional.empty(), Optional.empty());
  }

  private Invocation invocation(
      Call call, List<String> names, Optional<Body> body, Optional<Body> otherwise)
      throws RenderFault, TemplateException {
    budget.step();
    String name = name(call);
    List<Invocation.Argument> arguments = new ArrayList<>();
    for (Parameter parameter : call.parameters()) {
      arguments.add(new Invocation.Argument(value(parameter), parameter.written()));
    }
    Map<String, @Nullable Object> hash = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : call.hash().entrySet()) {
      hash.put(entry.getKey(), value(entry.getValue()));
    }
    return new Invocation(name, arguments, hash, names, body, otherwise);
  }

  private String name(Call call) throws RenderFault, TemplateException {
    return switch (call.name()) {
      case Parameter.Path path -> path.written();
      case Parameter.Local local -> local.written();
      case Parameter.Literal literal -> Values.printed(literal.value());
      case Parameter.Subexpression inner -> Values.printed(value(inner));
    };
  }

  // ---- values

  private @Nullable Object value(Parameter parameter) throws RenderFault, TemplateException {
    return switch (parameter) {
      case Parameter.Literal literal -> literal.value();
      case Parameter.Local local ->
          local.up() < scopes.size() ? scope(local.up()).locals().get(local.name()) : null;
      case Parameter.Path path -> resolve(path);
      case Parameter.Subexpression inner -> result(invocation(inner.call()));
    };
  }

  private Scope scope(int up) {
    return scopes.get(scopes.size() - 1 - up);
  }

  private @Nullable Object result(Invocation call) throws RenderFault, TemplateException {
    var output = new Output(budget);
    return switch (helper(call.name())) {
      case Helper.Function function -> function.value(call);
      case Helper.Condition condition -> condition.holds(call);
      case Helper.Writer writer -> {
        writer.write(call, output);
        yield output.toString();
      }
      case Helper.Flow flow -> {
        flow.run(call, this, output);
        yield output.toString();
      }
    };
  }

  private @Nullable Object resolve(Parameter.Path path) throws RenderFault {
    if (path.fromRoot()) {
      return follow(root, path.names(), path);
    }
    if (!path.names().isEmpty()) {
      String first = path.names().getFirst();
      for (Scope scope : scopes.reversed()) {
        if (scope.parameters().containsKey(first)) {
          List<String> rest = path.names().subList(1, path.names().size());
          return follow(scope.parameters().get(first), rest, path);
        }
      }
    }
    // Who leaves more blocks than there are stays where he is, as in the original.
    int up = path.up() < scopes.size() ? path.up() : 0;
    return follow(scope(up).value(), path.names(), path);
  }

  private static @Nullable Object follow(
      @Nullable Object start, List<String> names, Parameter.Path path) throws RenderFault {
    Object value = start;
    for (String name : names) {
      if (value instanceof List<?> list && !Values.isIndex(name)) {
        throw new RenderFault(
            "Cannot access array/vector with string index, "
                + name
                + ": "
                + new Invocation.Argument(list, path.written()));
      }
      value = Values.member(value, name);
    }
    return value;
  }

  // ---- partials

  private void partial(Element.Partial partial, Output output)
      throws RenderFault, TemplateException {
    Invocation call = invocation(partial.call());
    boolean indentBefore = indentNext;
    boolean printedBefore = printed;
    Optional<String> currentBefore = current;
    Optional<String> outerIndent = indent;
    indentNext = partial.ownLine() && (lineEnded || partial.indent().isPresent());
    printed = false;
    if (current.equals(Optional.of(call.name()))) {
      throw new RenderFault("Can not include current template in partial: " + call.name());
    }
    if (call.name().equals(PARTIAL_BLOCK)) {
      content(partial, output);
    } else {
      include(partial, call, output);
    }
    current = currentBefore;
    indent = outerIndent;
    settle(indentBefore, printedBefore);
  }

  /** What the includer put between the tags of the partial, or else what stands here. */
  private void content(Element.Partial partial, Output output)
      throws RenderFault, TemplateException {
    Optional<String> content = contents.isEmpty() ? Optional.empty() : contents.element();
    if (content.isPresent()) {
      output.write(content.get());
    } else if (partial.content().isPresent()) {
      body(partial.content(), output);
    } else {
      throw new RenderFault(
          "Partial block could not be found: nobody includes this with {{#> name}}");
    }
  }

  private void include(Element.Partial partial, Invocation call, Output output)
      throws RenderFault, TemplateException {
    Optional<Body> found = find(call.name());
    if (found.isEmpty() && partial.content().isEmpty()) {
      throw new RenderFault("Partial not found " + call.name());
    }
    Object context = call.arguments().isEmpty() ? scope().value() : call.value(0);
    var scope = new Scope(merged(context, call.hash()));
    scope.next(scope.value(), scope().locals(), call.hash());
    scopes.add(scope);
    Optional<String> content = Optional.empty();
    if (found.isPresent() && partial.content().isPresent()) {
      var between = new Output(budget);
      body(partial.content(), between);
      content = Optional.of(between.toString());
    }
    contents.push(content);
    if (partial.indent().isPresent()) {
      indent = Optional.of(indent.orElse("") + partial.indent().get());
    }
    body(found.isPresent() ? found : partial.content(), output);
    contents.pop();
    scopes.removeLast();
  }

  private Optional<Body> find(String name) {
    for (Scope scope : scopes.reversed()) {
      Body inline = scope.partials().get(name);
      if (inline != null) {
        return Optional.of(inline);
      }
    }
    return Optional.ofNullable(templates.get(name));
  }

  /** The context with what was given by name; a context without keys becomes one. */
  private static @Nullable Object merged(
      @Nullable Object context, Map<String, @Nullable Object> hash) {
    if (hash.isEmpty()) {
      return context;
    }
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    if (context instanceof Map<?, ?> map) {
      map.forEach((key, value) -> merged.put((String) key, value));
    } else if (context instanceof List<?> list) {
      for (Object element : list) {
        merged.put(Integer.toString(merged.size()), element);
      }
    }
    merged.putAll(hash);
    return merged;
  }

  private void decorator(Element.Decorator decorator) throws RenderFault, TemplateException {
    Invocation call = invocation(decorator.call());
    if (!call.name().equals("inline")) {
      throw new RenderFault("Decorator not found " + call.name());
    }
    Invocation.Argument name = call.argument(0);
    if (!(name.value() instanceof String text)) {
      throw new RenderFault("Invalid param type, String expected: " + name);
    }
    if (decorator.content().isEmpty()) {
      throw new RenderFault("Block content required: {{#*inline \"" + text + "\"}}");
    }
    scope().partials().put(text, decorator.content().get());
  }
}

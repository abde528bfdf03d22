package dev.monarch.supervisor.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Turns a text into elements: finds the tags, keeps the blocks that are open, and takes away the
 * white space that the dialect takes away (supervisor.md 7.1).
 *
 * <pre>
 *   {{x}}  {{{x}}}  {{&amp;x}}   expression             {{! }}  {{!-- --}}    comment
 *   {{#h}} {{else h}} {{^}} {{/h}}  block           {{{{h}}}} {{{{/h}}}}  raw block
 *   {{> p}}  {{#> p}} {{/p}}   partial              {{*d}}  {{#*d}} {{/d}}  decorator
 * </pre>
 *
 * <p>White space goes in two ways. A tilde trims all of it on its side. A tag that prints nothing
 * itself and stands alone on its line goes with its whole line: the blanks before it at once, the
 * blanks and the line end behind it when the next text is read. A comment is such a tag, too, but
 * leaves the demand of a tilde before it in force.
 */
final class TemplateParser {
  private final String template;
  private final String text;
  private final Scanner scanner;
  private final Places places;
  private final Deque<Open> open = new ArrayDeque<>();

  /** The last tag ended with a tilde. */
  private boolean trimNext;

  /** The last tag that could, stood alone on its line, and no text came since. */
  private boolean trimLine;

  private TemplateParser(String template, String text) {
    this.template = template;
    this.text = text;
    this.scanner = new Scanner(template, text);
    this.places = new Places(text);
  }

  static Body parse(String template, String text) throws TemplateException {
    return new TemplateParser(template, text).parse();
  }

  private enum Kind {
    TEMPLATE,
    BLOCK,
    PARTIAL,
    DECORATOR
  }

  /** A tag that has content: what opened a block, or an {@code else if} in it. */
  private record Head(Call call, List<String> names, boolean ownLine) {
    String written() {
      return call.name().written();
    }
  }

  /** A block whose end was not read yet; the whole template is the outermost. */
  private static final class Open {
    private final Kind kind;
    private final Place at;
    private final List<Head> heads = new ArrayList<>();
    private final List<List<Element>> bodies = new ArrayList<>();
    private List<Element> elements = new ArrayList<>();
    private boolean otherwise;

    /** The text at the end of the elements, as long as a tag behind it may trim it. */
    private boolean endsWithText;

    Open(Kind kind, Place at) {
      this.kind = kind;
      this.at = at;
    }

    void add(Element element) {
      elements.add(element);
      endsWithText = element instanceof Element.Text;
    }

    void endBody() {
      bodies.add(elements);
      elements = new ArrayList<>();
      endsWithText = false;
    }

    void replaceText(UnaryOperator<String> change) {
      if (endsWithText && elements.getLast() instanceof Element.Text last) {
        elements.set(elements.size() - 1, new Element.Text(last.at(), change.apply(last.text())));
      }
    }
  }

  private Body parse() throws TemplateException {
    open.push(new Open(Kind.TEMPLATE, new Place(1, 1)));
    text();
    while (!scanner.atEnd()) {
      tag();
      text();
    }
    Open last = open.pop();
    if (last.kind != Kind.TEMPLATE) {
      throw scanner.fault(
          text.length(),
          "expected {{/"
              + last.heads.getFirst().written()
              + "}} for the block that began in line "
              + last.at.line()
              + ", found the end of the template");
    }
    return new Body(template, true, last.elements);
  }

  // ---- text

  private void text() {
    int start = scanner.position();
    String read = readText("{{");
    boolean trimmedAway = trimNext && Spaces.isBlank(read);
    if (!read.isEmpty() && !trimmedAway) {
      addText(start, read);
      trimLine = false;
    }
  }

  private void addText(int start, String read) {
    String rest = read;
    if (trimNext) {
      rest = Spaces.trimStart(read);
    } else if (trimLine) {
      rest = Spaces.withoutLineStart(read);
    }
    open.element().add(new Element.Text(places.at(start), rest));
  }

  /** Up to the token. A backslash makes the braces behind it text, and a backslash a backslash. */
  private String readText(String stop) {
    var read = new StringBuilder();
    while (!scanner.atEnd()) {
      if (scanner.take("\\{{")) {
        read.append(scanner.take("{{") ? "{{{{" : "{{");
      } else if (scanner.sees("\\")) {
        String slashes = scanner.takeAll('\\');
        read.append(scanner.sees("{{") ? slashes.substring(1) : slashes);
      } else if (scanner.sees(stop)) {
        break;
      } else {
        read.append(scanner.takeCharacter());
      }
    }
    return read.toString();
  }

  // ---- tags

  private void tag() throws TemplateException {
    int start = scanner.position();
    if (scanner.take("{{{{")) {
      rawBlock(start);
    } else if (scanner.take("{{!")) {
      comment(start);
    } else {
      scanner.take("{{");
      boolean trimsBefore = scanner.takeTilde();
      if (scanner.take("#")) {
        scanner.skipBlanks();
        opening(start, trimsBefore);
      } else if (scanner.sees("/")) {
        closing(start, trimsBefore);
      } else if (scanner.take(">")) {
        partial(start, trimsBefore);
      } else if (scanner.take("*")) {
        decorator(start, trimsBefore);
      } else if (!otherwise(start, trimsBefore)) {
        expression(start, trimsBefore);
      }
    }
  }

  private void expression(int start, boolean trimsBefore) throws TemplateException {
    boolean braces = scanner.take("{");
    boolean tight = braces && scanner.position() == start + 3;
    boolean innerTilde = tight && scanner.takeTilde();
    boolean nameOnly = !braces && scanner.take("&");
    scanner.skipBlanks();
    Optional<Call> call = nameOnly ? scanner.name().map(Call::of) : scanner.expression();
    Call found = call.orElseThrow(scanner::fault);
    boolean trimsAfter;
    if (!braces) {
      trimsAfter = end("}}");
    } else if (tight && scanner.seesAfterTilde("}}}")) {
      trimsAfter = end("}}}");
    } else if (!innerTilde && scanner.takeNext("}")) {
      trimsAfter = end("}}");
    } else {
      trimsAfter = end("}}}");
    }
    trim(trimsBefore || innerTilde, trimsAfter);
    open.element().add(new Element.Expression(places.at(start), found));
  }

  /** The end of a tag; true if a tilde stands before it. */
  private boolean end(String braces) throws TemplateException {
    scanner.skipBlanks();
    if (!scanner.seesAfterTilde(braces)) {
      scanner.missing("'" + braces + "'");
      throw scanner.fault();
    }
    boolean tilde = scanner.takeTilde();
    scanner.take(braces);
    return tilde;
  }

  private void comment(int start) throws TemplateException {
    int content = scanner.position();
    scanner.skipBlanks();
    int longEnd = scanner.take("--") ? text.indexOf("--}}", scanner.position()) : -1;
    int shortEnd = text.indexOf("}}", content);
    if (longEnd < 0 && shortEnd < 0) {
      throw scanner.fault(start + 2, "expected '}}' at the end of the comment, found none");
    }
    scanner.moveTo(longEnd < 0 ? shortEnd + 2 : longEnd + 4);
    standsAlone(start);
    open.element().endsWithText = false;
  }

  private void partial(int start, boolean trimsBefore) throws TemplateException {
    scanner.skipBlanks();
    Call call = scanner.partialLine().orElseThrow(scanner::fault);
    trim(trimsBefore, end("}}"));
    boolean ownLine = standsAlone(start) && !trimsBefore;
    int indent = Spaces.startOfBlanks(text, start);
    open.element()
        .add(
            new Element.Partial(
                places.at(start),
                call,
                Optional.empty(),
                trimsBefore || indent == start
                    ? Optional.empty()
                    : Optional.of(text.substring(indent, start)),
                ownLine));
  }

  private void decorator(int start, boolean trimsBefore) throws TemplateException {
    scanner.skipBlanks();
    Call call = scanner.line().orElseThrow(scanner::fault);
    scanner.blockParameters();
    trim(trimsBefore, end("}}"));
    standsAlone(start);
    open.element().add(new Element.Decorator(places.at(start), call, Optional.empty()));
  }

  // ---- blocks

  private void opening(int start, boolean trimsBefore) throws TemplateException {
    Kind kind = Kind.BLOCK;
    if (scanner.take("*")) {
      kind = Kind.DECORATOR;
    } else if (scanner.take(">")) {
      kind = Kind.PARTIAL;
    }
    scanner.skipBlanks();
    Optional<Call> call = kind == Kind.PARTIAL ? scanner.partialLine() : scanner.line();
    Call found = call.orElseThrow(scanner::fault);
    List<String> names = kind == Kind.PARTIAL ? List.of() : scanner.blockParameters();
    begin(kind, start, found, names, trimsBefore, "}}");
  }

  private void begin(
      Kind kind, int start, Call call, List<String> names, boolean trimsBefore, String braces)
      throws TemplateException {
    trim(trimsBefore, end(braces));
    boolean ownLine = standsAlone(start) && !trimsBefore;
    if (open.size() > Scanner.NESTING_MAX) {
      throw scanner.fault(
          start, "blocks are nested deeper than " + Scanner.NESTING_MAX + ": use partials");
    }
    var block = new Open(kind, places.at(start));
    block.heads.add(new Head(call, names, ownLine));
    open.push(block);
  }

  /** Reads {@code {{else}}}, {@code {{^}}} and {@code {{else if x}}}; false if it is none. */
  private boolean otherwise(int start, boolean trimsBefore) throws TemplateException {
    int content = scanner.position();
    if (!scanner.take("else") && !scanner.take("^")) {
      return false;
    }
    Open block = open.element();
    boolean expected = block.kind == Kind.BLOCK && !block.otherwise;
    if (scanner.seesAfterTilde("}}")) {
      if (!expected) {
        throw scanner.fault(content, "expected an open block before {{else}}, found none");
      }
      trim(trimsBefore, end("}}"));
      standsAlone(start);
      block.endBody();
      block.otherwise = true;
      return true;
    }
    scanner.skipBlanks();
    Optional<Call> call = scanner.line();
    List<String> names = call.isPresent() ? scanner.blockParameters() : List.of();
    if (call.isEmpty() || !scanner.seesAfterTilde("}}")) {
      scanner.moveTo(content);
      return false;
    }
    if (!expected) {
      scanner.skipBlanks();
      throw scanner.fault(
          scanner.position(), "expected an open block before {{else ...}}, found none");
    }
    trim(trimsBefore, end("}}"));
    boolean ownLine = standsAlone(start) && !trimsBefore;
    block.endBody();
    block.heads.add(new Head(call.get(), names, ownLine));
    return true;
  }

  private void closing(int start, boolean trimsBefore) throws TemplateException {
    Open block = open.element();
    if (block.kind == Kind.TEMPLATE) {
      throw scanner.fault(
          scanner.position(), "expected an open block before this end of one, found none");
    }
    close(block, start, trimsBefore, "}}");
  }

  private void close(Open block, int start, boolean trimsBefore, String braces)
      throws TemplateException {
    scanner.take("/");
    scanner.skipBlanks();
    String name =
        (block.kind == Kind.PARTIAL ? scanner.partialName() : scanner.identifier()).orElse("");
    trim(trimsBefore, end(braces));
    standsAlone(start);
    String opened = block.heads.getFirst().written();
    boolean mayBeNameless = block.kind != Kind.BLOCK;
    if (!name.equals(opened) && !(name.isEmpty() && mayBeNameless)) {
      throw scanner.fault(
          start,
          "expected {{/"
              + opened
              + "}} for the block that began in line "
              + block.at.line()
              + ", found {{/"
              + name
              + "}}");
    }
    open.pop();
    block.endBody();
    open.element().add(element(block));
  }

  private Element element(Open block) {
    Place at = block.at;
    Head head = block.heads.getFirst();
    return switch (block.kind) {
      case DECORATOR -> new Element.Decorator(at, head.call, Optional.of(body(block, 0)));
      case PARTIAL ->
          new Element.Partial(
              at, head.call, Optional.of(body(block, 0)), Optional.empty(), head.ownLine);
      case BLOCK, TEMPLATE -> chain(block, at);
    };
  }

  /** An {@code else if} is a block of its own in the other branch of the one before it. */
  private Element chain(Open block, Place at) {
    int last = block.heads.size() - 1;
    Optional<Body> otherwise =
        block.otherwise ? Optional.of(body(block, last + 1)) : Optional.empty();
    for (int i = last; i > 0; i--) {
      otherwise = Optional.of(new Body(template, false, List.of(link(block, i, at, otherwise))));
    }
    return link(block, 0, at, otherwise);
  }

  private Element link(Open block, int index, Place at, Optional<Body> otherwise) {
    Head head = block.heads.get(index);
    return new Element.Block(
        at, head.call, head.names, body(block, index), otherwise, head.ownLine);
  }

  private Body body(Open block, int index) {
    return new Body(template, false, block.bodies.get(index));
  }

  private void rawBlock(int start) throws TemplateException {
    boolean trimsBefore = scanner.takeTilde();
    Call call = scanner.line().orElseThrow(scanner::fault);
    begin(Kind.BLOCK, start, call, scanner.blockParameters(), trimsBefore, "}}}}");
    scanner.skipBlanks();
    int content = scanner.position();
    addText(content, readText("{{{{"));
    int end = scanner.position();
    boolean trimsEnd = scanner.take("{{{{") && scanner.takeTilde();
    if (!scanner.sees("/")) {
      scanner.missing("'{{{{/" + call.name().written() + "}}}}'");
      throw scanner.fault();
    }
    close(open.element(), end, trimsEnd, "}}}}");
  }

  // ---- white space

  private void trim(boolean before, boolean after) {
    if (before) {
      open.element().replaceText(Spaces::trimEnd);
    }
    trimNext = after;
  }

  /**
   * Whether the tag that ends here has its line for itself; if so, the blanks before it go. The end
   * of the template is as good as a line end.
   */
  private boolean standsAlone(int start) {
    int end = scanner.position();
    int after = Spaces.endOfBlanks(text, end);
    boolean lineEnds =
        end == text.length() || (after < text.length() && Spaces.isLineEnd(text.charAt(after)));
    int before = Spaces.startOfBlanks(text, start);
    boolean lineBegins = before == 0 || Spaces.isLineEnd(text.charAt(before - 1));
    trimLine = lineEnds && lineBegins;
    if (trimLine) {
      open.element().replaceText(Spaces::withoutLineEnd);
    }
    return trimLine;
  }
}

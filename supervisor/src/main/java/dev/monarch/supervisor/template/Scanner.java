package dev.monarch.supervisor.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what is inside tags.
 *
 * <p>The grammar is an ordered choice: a rule that does not fit leaves the position where it was,
 * and the next one is tried. So the place to blame is the furthest one at which something was
 * missing, and what could have stood there is what the message names.
 *
 * <pre>
 *   line        = identifier (hash | parameter)*
 *   hash        = identifier "=" parameter
 *   parameter   = literal | path | subexpression          but not the words as, else
 *   subexpression = "(" (identifier (hash | parameter)+ | path) ")"
 *   path        = ("this" sep | "./")? ("@root" sep)? "@"? (".." sep)* item (sep item)*
 *   item        = identifier | "[" any but "]" "]"
 *   sep         = "." | "/"
 * </pre>
 *
 * Between them blanks and line ends may stand; inside of paths and words they may not.
 */
final class Scanner {
  /** As deep as JSON readers go; a recursive reader and renderer stay far from the stack's end. */
  static final int NESTING_MAX = 100;

  private final String template;
  private final String text;
  private int position;
  private int nesting;

  private int furthest;
  private final Set<String> missing = new LinkedHashSet<>();

  Scanner(String template, String text) {
    this.template = template;
    this.text = text;
  }

  int position() {
    return position;
  }

  void moveTo(int there) {
    position = there;
  }

  boolean atEnd() {
    return position >= text.length();
  }

  boolean sees(String token) {
    return text.startsWith(token, position);
  }

  boolean take(String token) {
    if (!sees(token)) {
      return false;
    }
    position += token.length();
    return true;
  }

  void skipBlanks() {
    while (!atEnd() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  /** The token, blanks before it allowed. */
  boolean takeNext(String token) {
    int before = position;
    skipBlanks();
    if (take(token)) {
      return true;
    }
    position = before;
    return false;
  }

  /** A tilde with blanks around it, which may be missing. */
  boolean takeTilde() {
    skipBlanks();
    boolean tilde = take("~");
    skipBlanks();
    return tilde;
  }

  /** The token comes next, with blanks and a tilde allowed before it. */
  boolean seesAfterTilde(String token) {
    int before = position;
    takeTilde();
    boolean there = sees(token);
    position = before;
    return there;
  }

  /** All of these characters that follow. */
  String takeAll(char character) {
    int start = position;
    while (!atEnd() && text.charAt(position) == character) {
      position++;
    }
    return text.substring(start, position);
  }

  char takeCharacter() {
    char character = text.charAt(position);
    position++;
    return character;
  }

  /** Notes that something could have stood here. */
  void missing(String what) {
    if (position > furthest) {
      missing.clear();
      furthest = position;
    }
    if (position == furthest) {
      missing.add(what);
    }
  }

  /** The fault at the furthest place that was reached. */
  TemplateException fault() {
    return fault(
        furthest, "expected " + String.join(" or ", missing) + ", found " + found(furthest));
  }

  TemplateException fault(int offset, String reason) {
    Place place = new Places(text).at(offset);
    return TemplateException.syntax(template, place.line(), place.column(), reason);
  }

  private String found(int offset) {
    if (offset >= text.length()) {
      return "the end of the template";
    }
    int end = Math.min(text.length(), offset + 12);
    int lineEnd = text.indexOf('\n', offset);
    if (lineEnd > offset && lineEnd < end) {
      end = lineEnd;
    }
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return "'" + text.substring(offset, end).strip() + "'";
  }

  // ---- words and calls

  Optional<String> identifier() {
    int start = position;
    while (!atEnd() && isSymbol(text.charAt(position))) {
      position++;
    }
    if (start == position) {
      missing("a name");
      return Optional.empty();
    }
    return Optional.of(text.substring(start, position));
  }

  private static boolean isSymbol(char c) {
    return isLetterOrDigit(c) || "-_$:".indexOf(c) >= 0 || c >= 0x80;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private boolean seesSymbol() {
    return !atEnd() && isSymbol(text.charAt(position));
  }

  /** An identifier and what it is called with, which may be nothing. */
  Optional<Call> line() throws TemplateException {
    Optional<String> name = identifier();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(arguments(Parameter.Literal.name(name.get())));
  }

  /** What an expression holds: a helper with parameters, or a name alone. */
  Optional<Call> expression() throws TemplateException {
    int start = position;
    Optional<Call> call = line();
    if (call.isPresent() && !call.get().isNameOnly()) {
      return call;
    }
    position = start;
    return name().map(Call::of);
  }

  /** A path, or a call in parentheses whose result is the name. */
  Optional<Parameter> name() throws TemplateException {
    Optional<Parameter> call = subexpression();
    return call.isPresent() ? call : path();
  }

  /** What a partial is called with; its name may hold dots and slashes as file names do. */
  Optional<Call> partialLine() throws TemplateException {
    Optional<String> file = partialName();
    Optional<Parameter> name =
        file.isPresent() ? Optional.of(Parameter.Literal.name(file.get())) : name();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(arguments(name.get()));
  }

  Optional<String> partialName() {
    int start = position;
    while (!atEnd()
        && (isLetterOrDigit(text.charAt(position))
            || "-_@/.".indexOf(text.charAt(position)) >= 0
            || text.charAt(position) >= 0x80)) {
      position++;
    }
    if (start < position) {
      return Optional.of(text.substring(start, position));
    }
    int end = sees("'") ? text.indexOf('\'', start + 1) : -1;
    if (end > start + 1) {
      position = end + 1;
      return Optional.of(text.substring(start, position));
    }
    missing("a partial's name");
    return Optional.empty();
  }

  private Call arguments(Parameter name) throws TemplateException {
    List<Parameter> parameters = new ArrayList<>();
    LinkedHashMap<String, Parameter> hash = new LinkedHashMap<>();
    while (true) {
      int before = position;
      skipBlanks();
      Optional<String> key = hashKey();
      Optional<Parameter> value = parameter();
      if (value.isEmpty()) {
        position = before;
        return new Call(name, parameters, hash);
      }
      if (key.isPresent()) {
        hash.put(key.get(), value.get());
      } else {
        parameters.add(value.get());
      }
    }
  }

  /** The word before a sign of equality. */
  private Optional<String> hashKey() {
    int start = position;
    Optional<String> key = identifier();
    if (key.isPresent() && takeNext("=")) {
      skipBlanks();
      return key;
    }
    position = start;
    return Optional.empty();
  }

  private Optional<Parameter> parameter() throws TemplateException {
    if (seesKeyword()) {
      missing("a value");
      return Optional.empty();
    }
    int start = position;
    Optional<Parameter> literal = literal();
    if (literal.isPresent()) {
      return literal;
    }
    Optional<Parameter> path = path();
    if (path.isPresent()) {
      return path;
    }
    Optional<Parameter> call = subexpression();
    if (call.isEmpty()) {
      position = start;
      missing("a value");
    }
    return call;
  }

  private boolean seesKeyword() {
    int start = position;
    boolean keyword = take("as") || take("else");
    skipBlanks();
    boolean ended = !seesSymbol();
    position = start;
    return keyword && ended;
  }

  private Optional<Parameter> subexpression() throws TemplateException {
    int start = position;
    if (!take("(")) {
      return Optional.empty();
    }
    deeper(start);
    skipBlanks();
    Optional<Call> call = line();
    if (call.isEmpty() || call.get().isNameOnly()) {
      position = start + 1;
      skipBlanks();
      call = path().map(Call::of);
    }
    nesting--;
    if (call.isEmpty()) {
      position = start;
      return Optional.empty();
    }
    skipBlanks();
    if (!take(")")) {
      missing("')'");
      position = start;
      return Optional.empty();
    }
    return Optional.of(new Parameter.Subexpression(call.get(), text.substring(start, position)));
  }

  private void deeper(int start) throws TemplateException {
    nesting++;
    if (nesting > NESTING_MAX) {
      throw fault(start, "nested deeper than " + NESTING_MAX + ": use fewer brackets");
    }
  }

  /** {@code as |value key|}; no names if it is not there. */
  List<String> blockParameters() {
    int start = position;
    skipBlanks();
    List<String> names = new ArrayList<>();
    if (take("as") && takeNext("|")) {
      skipBlanks();
      identifier().ifPresent(names::add);
      skipBlanks();
      identifier().ifPresent(names::add);
      if (!names.isEmpty() && takeNext("|")) {
        return names;
      }
      missing("'|'");
    }
    position = start;
    return List.of();
  }

  // ---- paths

  private Optional<Parameter> path() {
    int start = position;
    if (!take("this.") && !take("this/")) {
      take("./");
    }
    boolean fromRoot = take("@root.") || take("@root/");
    boolean local = take("@");
    int up = 0;
    while (take("../") || take("...")) {
      up++;
    }
    List<String> items = new ArrayList<>();
    int end = start;
    do {
      Optional<String> item = item();
      if (item.isEmpty()) {
        break;
      }
      items.add(item.get());
      end = position;
    } while (take(".") || take("/"));
    position = end;
    if (items.isEmpty()) {
      return Optional.empty();
    }
    String written = text.substring(start, end);
    // The word this adds nothing to a path, wherever it stands.
    items.removeIf("this"::equals);
    if (local && !fromRoot && !items.isEmpty()) {
      return Optional.of(new Parameter.Local(up, items.getFirst(), written));
    }
    return Optional.of(new Parameter.Path(fromRoot, local ? 0 : up, items, written));
  }

  private Optional<String> item() {
    if (seesSymbol()) {
      return identifier();
    }
    int end = sees("[") ? text.indexOf(']', position) : -1;
    if (end < 0) {
      missing("a name");
      return Optional.empty();
    }
    String key = text.substring(position + 1, end);
    position = end + 1;
    return Optional.of(key);
  }

  // ---- literals

  private Optional<Parameter> literal() throws TemplateException {
    int start = position;
    if (!passLiteral()) {
      return Optional.empty();
    }
    String written = text.substring(start, position);
    Optional<Parameter> literal = Literals.parse(written);
    if (literal.isEmpty()) {
      throw fault(start, "invalid parameter " + written + ": it is not a JSON value");
    }
    return literal;
  }

  private boolean passLiteral() throws TemplateException {
    if (atEnd()) {
      missing("a value");
      return false;
    }
    int start = position;
    char c = text.charAt(position);
    boolean passed =
        switch (c) {
          case '"', '\'' -> passString(c);
          case '[' -> passArray();
          case '{' -> passObject();
          default -> passNumber() || passWord("null") || passWord("true") || passWord("false");
        };
    if (!passed) {
      position = start;
      missing("a value");
    }
    return passed;
  }

  private boolean passString(char quote) {
    int at = position + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == quote) {
        position = at + 1;
        return true;
      }
      at += c == '\\' ? 2 : 1;
    }
    return false;
  }

  private boolean passArray() throws TemplateException {
    deeper(position);
    take("[");
    skipBlanks();
    boolean fits = passLiteral() || sees("]");
    while (fits && takeNext(",")) {
      skipBlanks();
      fits = passLiteral();
    }
    nesting--;
    return fits && takeNext("]");
  }

  private boolean passObject() throws TemplateException {
    deeper(position);
    take("{");
    boolean fits = seesAfterBlanks("}") || passMember();
    while (fits && takeNext(",")) {
      fits = passMember();
    }
    nesting--;
    return fits && takeNext("}");
  }

  private boolean seesAfterBlanks(String token) {
    int before = position;
    boolean there = takeNext(token);
    position = before;
    return there;
  }

  private boolean passMember() throws TemplateException {
    skipBlanks();
    if (!sees("\"") || !passString('"')) {
      missing("a key");
      return false;
    }
    if (!takeNext(":")) {
      return false;
    }
    skipBlanks();
    return passLiteral();
  }

  private boolean passNumber() {
    int start = position;
    take("-");
    boolean digits = passDigits();
    take(".");
    passDigits();
    int beforeExponent = position;
    if (take("E")) {
      take("-");
      if (!passDigits()) {
        position = beforeExponent;
      }
    }
    if (!digits || seesSymbol()) {
      position = start;
      return false;
    }
    return true;
  }

  private boolean passDigits() {
    int start = position;
    while (!atEnd() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
      position++;
    }
    return position > start;
  }

  private boolean passWord(String word) {
    int start = position;
    if (take(word) && !seesSymbol()) {
      return true;
    }
    position = start;
    return false;
  }
}

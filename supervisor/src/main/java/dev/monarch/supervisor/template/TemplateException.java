package dev.monarch.supervisor.template;

/**
 * A template that cannot be compiled or rendered, with the place of the fault.
 *
 * <p>The message is one line that names the template, the place and the reason: {@code Error
 * rendering "app.conf" line 3, col 7: Helper not found noSuch} (supervisor.md 6.9), or, when the
 * text is not a template at all, {@code Error in template "app.conf" line 3, col 7: expected …}.
 */
public final class TemplateException extends Exception {
  private static final long serialVersionUID = 1;

  /** A template may hold a name as long as itself; a log need not. */
  private static final int REASON_MAX = 400;

  private final String template;
  private final int line;
  private final int column;
  private final String reason;

  private TemplateException(String occasion, String template, int line, int column, String reason) {
    super(occasion + " \"" + template + "\" line " + line + ", col " + column + ": " + reason);
    this.template = template;
    this.line = line;
    this.column = column;
    this.reason = reason;
  }

  /** The text of the template breaks the grammar. */
  static TemplateException syntax(String template, int line, int column, String reason) {
    return new TemplateException("Error in template", template, line, column, inOneLine(reason));
  }

  /** The template is sound, but cannot be rendered with this context. */
  static TemplateException rendering(String template, int line, int column, String reason) {
    return new TemplateException("Error rendering", template, line, column, inOneLine(reason));
  }

  private static String inOneLine(String reason) {
    String line = reason.replaceAll("\\p{Cntrl}+", " ");
    int characters = line.codePointCount(0, line.length());
    return characters <= REASON_MAX
        ? line
        : line.substring(0, line.offsetByCodePoints(0, REASON_MAX)) + "...";
  }

  /** The name of the template in which the fault is; an included one if it is there. */
  public String template() {
    return template;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** In characters, counted from 1. */
  public int column() {
    return column;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }
}

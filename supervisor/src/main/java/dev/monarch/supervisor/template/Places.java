package dev.monarch.supervisor.template;

/** Turns offsets into places; quick as long as the offsets grow. */
final class Places {
  private final String text;
  private int offset;
  private int line = 1;
  private int column = 1;

  Places(String text) {
    this.text = text;
  }

  Place at(int wanted) {
    if (wanted < offset) {
      offset = 0;
      line = 1;
      column = 1;
    }
    while (offset < wanted) {
      int character = text.codePointAt(offset);
      offset += Character.charCount(character);
      if (character == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Place(line, column);
  }
}

package dev.monarch.supervisor.template;

/** Text that grows, within the budget of its rendering. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  Output(Budget budget) {
    this.budget = budget;
  }

  void write(String more) throws RenderFault {
    budget.characters(more.length());
    text.append(more);
  }

  /** Nothing was written to the current line yet. */
  boolean atLineStart() {
    return text.isEmpty() || text.charAt(text.length() - 1) == '\n';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

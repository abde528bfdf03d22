package dev.monarch.butterfly.census;

import dev.monarch.wire.Rumor.Election;
import java.util.Optional;

/** How far a group's election has come, with the original's texts (supervisor.md 8.1). */
public enum ElectionState {
  NONE("None"),
  IN_PROGRESS("ElectionInProgress"),
  NO_QUORUM("ElectionNoQuorum"),
  FINISHED("ElectionFinished");

  private final String text;

  ElectionState(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /**
   * A finished election of somebody who is not known in the group is held to be going on: over one
   * an original stops (butterfly.md 13, W30).
   */
  static ElectionState of(Optional<Election> election, Optional<String> leader) {
    return election
        .map(
            known ->
                switch (known.status()) {
                  case RUNNING -> IN_PROGRESS;
                  case NO_QUORUM -> NO_QUORUM;
                  case FINISHED -> leader.isPresent() ? FINISHED : IN_PROGRESS;
                })
        .orElse(NONE);
  }
}

package dev.monarch.butterfly.election;

import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.RumorKind;

/**
 * What is elected. The two have one record and one merge, and do not influence each other (9.8).
 */
public enum ElectionKind {
  /** Who leads a group of leader topology. */
  LEADER {
    @Override
    public Rumor rumor(Election election) {
      return new ElectionRumor(election);
    }

    @Override
    public RumorKind rumorKind() {
      return RumorKind.ELECTION;
    }
  },
  /** Who is updated first when a group is updated member by member. */
  UPDATE_LEADER {
    @Override
    public Rumor rumor(Election election) {
      return new ElectionUpdateRumor(election);
    }

    @Override
    public RumorKind rumorKind() {
      return RumorKind.ELECTION_UPDATE;
    }
  };

  /** The record as it is told. */
  public abstract Rumor rumor(Election election);

  public abstract RumorKind rumorKind();
}

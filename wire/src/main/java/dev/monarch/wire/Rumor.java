package dev.monarch.wire;

import java.util.List;
import java.util.Optional;

/**
 * A message of the TCP plane (butterfly.md 2.4). The kind of a rumor is its class, so that type and
 * payload cannot disagree (rule S2), and the original's test kinds cannot be said (rule S3).
 */
public sealed interface Rumor {
  RumorKind kind();

  /** Who is named as its origin; see the table in butterfly.md 2.4. */
  String fromId();

  /** What the sender believes about a member; {@code fromId} is the relaying node. */
  record MemberRumor(String fromId, Membership membership) implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.MEMBER;
    }
  }

  /**
   * A member runs a service.
   *
   * @param incarnation version of this rumor, unsigned
   * @param pkg fully qualified package identifier, not validated here
   * @param cfg exported configuration, TOML text
   * @param pkgIncarnation counter of rolling updates, unsigned
   * @param applied what became of the group's configuration there; ours alone, and lost on a way
   *     through an original
   */
  record ServiceRumor(
      String fromId,
      String memberId,
      ServiceGroup group,
      long incarnation,
      boolean initialized,
      String pkg,
      Bytes cfg,
      SysInfo sys,
      long pkgIncarnation,
      Optional<AppliedConfiguration> applied)
      implements Rumor {
    /** As an original says it. */
    public ServiceRumor(
        String fromId,
        String memberId,
        ServiceGroup group,
        long incarnation,
        boolean initialized,
        String pkg,
        Bytes cfg,
        SysInfo sys,
        long pkgIncarnation) {
      this(
          fromId,
          memberId,
          group,
          incarnation,
          initialized,
          pkg,
          cfg,
          sys,
          pkgIncarnation,
          Optional.empty());
    }

    public ServiceRumor withIncarnation(long version) {
      return new ServiceRumor(
          fromId, memberId, group, version, initialized, pkg, cfg, sys, pkgIncarnation, applied);
    }

    public ServiceRumor withApplied(Optional<AppliedConfiguration> outcome) {
      return new ServiceRumor(
          fromId,
          memberId,
          group,
          incarnation,
          initialized,
          pkg,
          cfg,
          sys,
          pkgIncarnation,
          outcome);
    }

    @Override
    public RumorKind kind() {
      return RumorKind.SERVICE;
    }
  }

  /**
   * Configuration for every member of a group.
   *
   * @param incarnation the operator's version, unsigned
   * @param config TOML text, or a BOX-1 envelope if encrypted
   */
  record ServiceConfigRumor(
      String fromId, ServiceGroup group, long incarnation, boolean encrypted, Bytes config)
      implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.SERVICE_CONFIG;
    }
  }

  /** A file for every member of a group; see {@link ServiceConfigRumor}. */
  record ServiceFileRumor(
      String fromId,
      ServiceGroup group,
      long incarnation,
      boolean encrypted,
      String filename,
      Bytes body)
      implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.SERVICE_FILE;
    }
  }

  /** How far an election has come. */
  enum ElectionStatus {
    RUNNING(1),
    NO_QUORUM(2),
    FINISHED(3);

    private final int number;

    ElectionStatus(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  /** What an election and an update election have in common (butterfly.md 9.1). */
  record Election(
      String candidate,
      String group,
      long term,
      long suitability,
      ElectionStatus status,
      List<String> votes) {
    public Election {
      votes = List.copyOf(votes);
    }
  }

  /** An election of a group's leader; its {@code fromId} is the candidate. */
  record ElectionRumor(Election election) implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.ELECTION;
    }

    @Override
    public String fromId() {
      return election.candidate();
    }
  }

  /** An election of a group's update leader; its {@code fromId} is the candidate. */
  record ElectionUpdateRumor(Election election) implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.ELECTION_UPDATE;
    }

    @Override
    public String fromId() {
      return election.candidate();
    }
  }

  /** A member was made to depart by an operator. */
  record DepartureRumor(String fromId, String memberId) implements Rumor {
    @Override
    public RumorKind kind() {
      return RumorKind.DEPARTURE;
    }
  }
}

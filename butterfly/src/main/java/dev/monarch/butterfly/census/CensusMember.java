package dev.monarch.butterfly.census;

import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.Optional;

/**
 * A member of a service group.
 *
 * @param pkg the package it runs, as said, not validated
 * @param pkgIncarnation counter of rolling updates, unsigned
 * @param cfg exported configuration, TOML text
 * @param sys where its Supervisor is found; the gossip address is the one that membership learnt
 * @param listed true if the member list knows it, which the original calls persistent
 * @param role its part in the group's last finished election
 * @param updateRole its part in the group's last finished update election
 * @param health empty for another member that only its services are known of
 * @param applied what became of the group's configuration there; empty if the member does not tell
 */
public record CensusMember(
    String memberId,
    ServiceGroup group,
    String pkg,
    long pkgIncarnation,
    Bytes cfg,
    SysInfo sys,
    boolean listed,
    Role role,
    Role updateRole,
    Optional<Health> health,
    Optional<AppliedConfiguration> applied) {

  /** What a finished election made of a member. */
  public enum Role {
    NONE,
    LEADER,
    FOLLOWER
  }

  /** Alive or suspect: what templates and binds count. */
  public boolean isActive() {
    return health.filter(known -> !known.isWorseThan(Health.SUSPECT)).isPresent();
  }
}

package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.supervisor.service.EndCause;
import dev.monarch.supervisor.service.Line;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import java.util.Optional;

/** What a service finds around itself in a Supervisor. */
interface House {
  Premises premises();

  /** Runs a task on the loop's thread, later. May be called by any thread. */
  void post(Runnable task);

  /** Says something to the operator. May be called by any thread. */
  void say(Line line);

  /** A service group as the ring shows it now. */
  Optional<CensusGroup> group(String name);

  /** The newest configuration of a group, also if nobody runs it yet. */
  Optional<ServiceConfigRumor> configuration(String group);

  /** From now on services hear of changes of the key cache. May be called by any thread. */
  void watchKeys();

  /** Tells the ring; what is told is in the census when this returns. */
  void publish(ServiceRumor rumor);

  /** This member takes part in the elections of a group, after its service was published. */
  void standForElection(ServiceGroup group);

  /**
   * What this member is worth as a group's leader.
   *
   * @param suitability unsigned, greater is better
   */
  void suitability(ServiceGroup group, long suitability);

  /** A service's machine is through. */
  void ended(Resident resident, EndCause cause);
}

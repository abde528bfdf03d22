package dev.monarch.butterfly;

import dev.monarch.butterfly.election.ElectionSettings;
import java.time.Duration;

/**
 * The times and counts of the protocol (butterfly.md 0.2).
 *
 * @param pingTimeout how long a probed member has to answer before others are asked
 * @param pingReqTimeout how long the others have
 * @param protocolPeriod time from the start of one probe to the start of the next
 * @param suspicionTimeout from suspect to confirmed
 * @param departureTimeout from confirmed to departed
 * @param gossipInterval least time between two pushes to one member
 * @param proxies members asked to ping a silent one
 * @param shareLimit times a rumor is told to one member
 * @param pushFanout pushes under way at once
 * @param farewells members told directly by one that leaves
 * @param elections where elections differ from the original's
 */
public record Settings(
    Duration pingTimeout,
    Duration pingReqTimeout,
    Duration protocolPeriod,
    Duration suspicionTimeout,
    Duration departureTimeout,
    Duration gossipInterval,
    int proxies,
    int shareLimit,
    int pushFanout,
    int farewells,
    ElectionSettings elections) {

  /** The original's values. */
  public static Settings stock() {
    return new Settings(
        Duration.ofMillis(1000),
        Duration.ofMillis(2100),
        Duration.ofMillis(3100),
        Duration.ofMillis(9300),
        Duration.ofDays(3),
        Duration.ofMillis(1000),
        5,
        2,
        5,
        10,
        ElectionSettings.stock());
  }

  /** The original's values, but for elections, which do not get stuck. */
  public static Settings standard() {
    return stock().withElections(ElectionSettings.standard());
  }

  /** The same with another number of times that a rumor is told ({@code HAB_RUMOR_SHARE_LIMIT}). */
  public Settings withShareLimit(int limit) {
    return new Settings(
        pingTimeout,
        pingReqTimeout,
        protocolPeriod,
        suspicionTimeout,
        departureTimeout,
        gossipInterval,
        proxies,
        limit,
        pushFanout,
        farewells,
        elections);
  }

  public Settings withElections(ElectionSettings others) {
    return new Settings(
        pingTimeout,
        pingReqTimeout,
        protocolPeriod,
        suspicionTimeout,
        departureTimeout,
        gossipInterval,
        proxies,
        shareLimit,
        pushFanout,
        farewells,
        others);
  }
}

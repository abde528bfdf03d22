package dev.monarch.bench;

import dev.monarch.butterfly.Settings;

/** The settings of a ring of long standing, in which everybody has been told all there is. */
final class QuietRing {
  private QuietRing() {}

  /**
   * The original's times, but a rumor rests as soon as its member was spoken to once, and nothing
   * is pushed over TCP. What a machine that was restored a moment ago would otherwise tell
   * everybody about everybody, a ring of long standing has behind it.
   */
  static Settings settings() {
    Settings stock = Settings.stock();
    return new Settings(
        stock.pingTimeout(),
        stock.pingReqTimeout(),
        stock.protocolPeriod(),
        stock.suspicionTimeout(),
        stock.departureTimeout(),
        stock.gossipInterval(),
        stock.proxies(),
        1,
        0,
        stock.farewells(),
        stock.elections());
  }
}

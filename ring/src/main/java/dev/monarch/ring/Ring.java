package dev.monarch.ring;

import dev.monarch.butterfly.View;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Rumor;

/** Placeholder signatures; implementation follows. */
@SuppressWarnings("DoNotCallSuggester")
public final class Ring implements AutoCloseable {
  private Ring() {}

  public static Ring start(RingConfig config, RingListener... listeners) throws RingStartException {
    throw new RingStartException("not built yet");
  }

  public String memberId() {
    throw new IllegalStateException();
  }

  /** Where it listens, with the port really taken. */
  public Endpoint listen() {
    throw new IllegalStateException();
  }

  /** What this member knows now; after closing, what it knew last. */
  public View view() {
    throw new IllegalStateException();
  }

  public RingMetrics metrics() {
    throw new IllegalStateException();
  }

  /** Adds a listener for everything from now on; closing the subscription ends it. */
  public Subscription subscribe(RingListener listener) {
    throw new IllegalStateException();
  }

  /** Tells the ring a rumor: a service this member runs, configuration, a file. */
  public void publish(Rumor rumor) {
    throw new IllegalStateException();
  }

  /** Makes a member depart for good, this one or another. */
  public void depart(String memberId) {
    throw new IllegalStateException();
  }

  /**
   * Says goodbye and goes on answering as departed, while services stop. Returns when the farewells
   * are out, within two seconds.
   */
  public void farewell() {
    throw new IllegalStateException();
  }

  /** Says goodbye, if not yet done, writes everything down and closes. */
  public void leave() {
    throw new IllegalStateException();
  }

  /** Writes everything down and closes without a word: others will miss this member. */
  @Override
  public void close() {
    throw new IllegalStateException();
  }

  /** A listener's place in the audience. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}

package dev.monarch.supervisor.ctl;

import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlRequest;
import java.util.function.Consumer;

/** What a Supervisor does when a command asks. */
@FunctionalInterface
public interface ControlCommands {
  /** Who asked for something, as the command sees it: it takes replies before the last one. */
  interface Client extends Consumer<ControlReply.Partial> {
    /** The Supervisor itself, which needs no replies and does not leave. */
    Client SUPERVISOR =
        new Client() {
          @Override
          public void accept(ControlReply.Partial reply) {}

          @Override
          public void whenGone(Runnable listener) {}
        };

    /**
     * Returns when the reply is on its way, which a slow client delays. Says nothing if the client
     * is gone: the command goes on.
     */
    @Override
    void accept(ControlReply.Partial reply);

    /**
     * For a command that goes on for this client's sake alone. A client that has closed its side of
     * the connection is gone too, although it may still listen: which of both it is can't be seen.
     *
     * @param listener called once by another thread when the client is gone, if that is before the
     *     command's end or soon after it
     * @throws IllegalStateException if the command has asked before
     */
    void whenGone(Runnable listener);
  }

  /**
   * Carries out a request whose sender showed the secret.
   *
   * <p>Called on a virtual thread of its own for each request, and several at a time, so it may
   * wait. A failure it throws becomes an internal error at the client's.
   *
   * @return the last reply
   * @throws InterruptedException if the gateway is closed meanwhile
   */
  ControlReply.Last handle(ControlRequest request, Client client) throws InterruptedException;

  /**
   * The last reply is on its way, or the client is gone: the moment for what would cut the
   * connection off.
   *
   * @param reply as {@link #handle} returned it
   */
  default void answered(ControlRequest request, ControlReply.Last reply) {}
}

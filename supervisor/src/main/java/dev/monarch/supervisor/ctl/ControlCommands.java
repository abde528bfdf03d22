package dev.monarch.supervisor.ctl;

import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlRequest;
import java.util.function.Consumer;

/** What a Supervisor does when a command asks. */
@FunctionalInterface
public interface ControlCommands {
  /**
   * Carries out a request whose sender showed the secret.
   *
   * <p>Called on a virtual thread of its own for each request, and several at a time, so it may
   * wait. A failure it throws becomes an internal error at the client's.
   *
   * @param partial takes replies before the last one; it returns when the reply is on its way,
   *     which a slow client delays, and says nothing if the client is gone: the command goes on
   * @return the last reply
   * @throws InterruptedException if the gateway is closed meanwhile
   */
  ControlReply.Last handle(ControlRequest request, Consumer<ControlReply.Partial> partial)
      throws InterruptedException;

  /**
   * The last reply is on its way, or the client is gone: the moment for what would cut the
   * connection off.
   *
   * @param reply as {@link #handle} returned it
   */
  default void answered(ControlRequest request, ControlReply.Last reply) {}
}

package dev.monarch.butterfly;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pings this member sent on behalf of others and whose answers it still has to pass on.
 *
 * <p>Each answer is passed on once and only if it was asked for lately. The original passes on
 * whatever names somebody else, and a single Ack that names the node's own address then circles in
 * it for ever (butterfly.md 0.3 S11, 13 W29).
 */
final class Proxied {
  /** An origin gives up long before this. */
  static final long KEPT_NANOS = 10_000_000_000L;

  /** Pings remembered; a ring in which more are asked for at once has other troubles. */
  static final int KEPT_MAX = 4096;

  private record Request(String originId, String targetId) {}

  private final Map<Request, Long> requests = new LinkedHashMap<>();

  void asked(String originId, String targetId, long nowNanos) {
    forgetOld(nowNanos);
    if (requests.size() < KEPT_MAX) {
      Request request = new Request(originId, targetId);
      requests.remove(request);
      requests.put(request, nowNanos);
    }
  }

  /** True once for each request that is not too old. */
  boolean answered(String originId, String targetId, long nowNanos) {
    forgetOld(nowNanos);
    return requests.remove(new Request(originId, targetId)) != null;
  }

  private void forgetOld(long nowNanos) {
    // In insertion order, so that the first one young enough ends the walk.
    var each = requests.values().iterator();
    while (each.hasNext() && nowNanos - each.next() > KEPT_NANOS) {
      each.remove();
    }
  }
}

/**
 * The HTTP gateway: what a Supervisor shows of itself (supervisor.md 9).
 *
 * <p>{@link dev.monarch.supervisor.http.HttpGateway} serves the routes. The documents are pure
 * functions from a {@link dev.monarch.butterfly.View} to JSON, and from counters to Prometheus
 * text; they are built for each request, so that no answer is older than its question. No route
 * changes anything.
 */
@NullMarked
package dev.monarch.supervisor.http;

import org.jspecify.annotations.NullMarked;

/**
 * {@code hab ring key}, {@code hab user key}, {@code hab svc key} and {@code hab origin key}: makes
 * keys, shows them and takes them in, all in one key cache.
 *
 * <p>No command here needs a Supervisor or a network. What cannot be done ends in a {@link
 * dev.monarch.crypto.KeyException}, which the tree of commands shows as it is. Start reading at
 * {@link dev.monarch.cli.key.KeyCacheOption}, which says where keys are.
 */
@NullMarked
package dev.monarch.cli.key;

import org.jspecify.annotations.NullMarked;

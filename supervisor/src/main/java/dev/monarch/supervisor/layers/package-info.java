/**
 * The configuration of a service and the text it comes in (supervisor.md 6.1-6.6).
 *
 * <p>{@link dev.monarch.supervisor.layers.ConfigurationLayers} is where to start: defaults,
 * environment, user and gossip, and the one tree they add up to. {@link
 * dev.monarch.supervisor.layers.Layer} reads each of them from its place, {@link
 * dev.monarch.supervisor.layers.Exports} picks what others may see. {@link
 * dev.monarch.supervisor.layers.TomlTree} and {@link dev.monarch.supervisor.layers.TomlText} are
 * this room's reader and writer of TOML.
 *
 * <p>A tree is a {@code Map<String, Object>} in the order of its text and cannot be changed. Its
 * values are such maps, lists, {@code String}, {@code Long}, {@code Double}, {@code Boolean},
 * {@code OffsetDateTime}, {@code LocalDateTime}, {@code LocalDate} and {@code LocalTime}; never
 * null.
 */
@NullMarked
package dev.monarch.supervisor.layers;

import org.jspecify.annotations.NullMarked;

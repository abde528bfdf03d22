/**
 * The template dialect of configuration files and hooks (supervisor.md 7.1 to 7.5): Handlebars as
 * the original's engine understands it, with the original's helpers.
 *
 * <p>Nothing here reads files or knows services: text and a context of maps, lists and scalars go
 * in, text comes out, and the same input gives the same output. Start reading at {@link
 * dev.monarch.supervisor.template.Templates}.
 */
@NullMarked
package dev.monarch.supervisor.template;

import org.jspecify.annotations.NullMarked;

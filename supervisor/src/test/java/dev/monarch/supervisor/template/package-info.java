/**
 * The dialect held against what the original printed and refused, and what it must not do: use up
 * memory or stack, or fail in any other way than by saying where and why.
 */
@NullMarked
package dev.monarch.supervisor.template;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of the machine. {@link dev.monarch.butterfly.Story} is a network of members in hand-made
 * time, {@link dev.monarch.butterfly.TestMember} one of them, {@link dev.monarch.butterfly.Given}
 * the words they speak. Nothing waits: time is a number that the story counts up.
 */
@NullMarked
package dev.monarch.butterfly;

import org.jspecify.annotations.NullMarked;

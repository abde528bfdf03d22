/** Tests of the files of a member, with damage of every kind. */
@NullMarked
package dev.monarch.ring.disk;

import org.jspecify.annotations.NullMarked;

/**
 * Keys in the original's file format, the directory they are kept in, and the boxes made with them.
 *
 * <p>A {@link dev.monarch.crypto.Key} is read from and written as a short text; {@link
 * dev.monarch.crypto.KeyCache} finds such texts on disk and stores them without ever replacing a
 * different key. A {@link dev.monarch.crypto.RingKey} seals everything the members of a ring say to
 * each other, a {@link dev.monarch.crypto.Box} what a user says to a service group. What cannot be
 * read or opened ends in a {@link dev.monarch.crypto.KeyException}, whose message is one line for
 * the operator.
 *
 * <p>Nothing here knows protobuf, sockets or configuration: the envelope around a sealed message is
 * wire's, the choice between {@code --ring} and {@code HAB_RING_KEY} is the command line's. The
 * formats are those of crypto-and-packages.md sections 2 and 3; start reading at {@code Key}.
 */
@NullMarked
package dev.monarch.crypto;

import org.jspecify.annotations.NullMarked;

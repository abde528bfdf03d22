/** Tests of what can be measured wrongly without anybody noticing. */
@NullMarked
package dev.monarch.bench;

import org.jspecify.annotations.NullMarked;

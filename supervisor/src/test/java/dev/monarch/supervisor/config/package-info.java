/** Which of several sources is heard, and what is said to those who contradict themselves. */
@NullMarked
package dev.monarch.supervisor.config;

import org.jspecify.annotations.NullMarked;

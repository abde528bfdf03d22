/**
 * Rumors: one store per kind with its merge rule, the heat that decides who is still to be told,
 * and the rounds in which members are told. Start with {@link
 * dev.monarch.butterfly.rumor.RumorStores} and {@link dev.monarch.butterfly.rumor.Heat}.
 */
@NullMarked
package dev.monarch.butterfly.rumor;

import org.jspecify.annotations.NullMarked;

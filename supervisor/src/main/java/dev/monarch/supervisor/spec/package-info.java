/**
 * What is meant to run: one file for each service, and what follows from it (supervisor.md 3).
 *
 * <p>{@link dev.monarch.supervisor.spec.ServiceSpec} is what a file says, {@link
 * dev.monarch.supervisor.spec.SpecFile} its text, {@link dev.monarch.supervisor.spec.SpecDirectory}
 * all of them. {@link dev.monarch.supervisor.spec.Reconciliation} compares them with what runs and
 * decides; it is where to start reading. Nothing here starts or stops anything.
 */
@NullMarked
package dev.monarch.supervisor.spec;

import org.jspecify.annotations.NullMarked;

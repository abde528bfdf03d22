package dev.monarch.supervisor.template;

/** A line and a column of a template, in characters, both counted from 1. */
record Place(int line, int column) {}

package dev.monarch.packages;

/** What {@code PACKAGE_TYPE} says. */
public enum PackageType {
  /** Built of packages alone, and run with the interpreter package in its search path. */
  STANDARD,
  /** Built with what the host has, and run with that. */
  NATIVE
}

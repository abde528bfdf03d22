package dev.monarch.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Says in a few words why a file could not be used. */
final class Cause {
  private Cause() {}

  static String of(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or directory";
      case FileSystemException system ->
          Optional.ofNullable(system.getReason())
              .orElseGet(() -> system.getClass().getSimpleName());
      default ->
          Optional.ofNullable(failure.getMessage())
              .orElseGet(() -> failure.getClass().getSimpleName());
    };
  }
}

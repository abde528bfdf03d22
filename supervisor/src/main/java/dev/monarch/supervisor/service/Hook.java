package dev.monarch.supervisor.service;

import java.util.Arrays;
import java.util.Optional;

/** What a package may say about a moment in its service's life (supervisor.md 4.5). */
public enum Hook {
  INSTALL("install"),
  UNINSTALL("uninstall"),
  INIT("init"),
  RUN("run"),
  POST_RUN("post-run"),
  HEALTH_CHECK("health-check"),
  FILE_UPDATED("file-updated"),
  RECONFIGURE("reconfigure"),
  SUITABILITY("suitability"),
  POST_STOP("post-stop");

  private final String fileName;

  Hook(String fileName) {
    this.fileName = fileName;
  }

  /** Its file's name in the package's and in the service's {@code hooks} directory. */
  public String fileName() {
    return fileName;
  }

  /** The hook that has a file of this name. */
  public static Optional<Hook> ofFile(String name) {
    return Arrays.stream(values()).filter(hook -> hook.fileName.equals(name)).findFirst();
  }
}

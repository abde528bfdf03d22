package dev.monarch.supervisor.http;

import dev.monarch.supervisor.hooks.HookCommand;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.ServiceHealth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The last health check of a service, and what it wrote into its directory (supervisor.md 9.5). */
final class HealthDocument {
  /** The original shows the whole files; a check that writes more than this is told no further. */
  private static final int LOG_BYTES_MAX = 1 << 20;

  private HealthDocument() {}

  static byte[] of(ServiceHealth health, Path directory) {
    Path logs = directory.resolve("logs");
    return Json.object(
        json -> {
          json.text("status", health.name());
          json.text("stdout", content(HookCommand.stdoutLog(logs, Hook.HEALTH_CHECK)));
          json.text("stderr", content(HookCommand.stderrLog(logs, Hook.HEALTH_CHECK)));
        });
  }

  private static String content(Path log) {
    try (InputStream file = Files.newInputStream(log)) {
      return new String(file.readNBytes(LOG_BYTES_MAX), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return "";
    }
  }
}

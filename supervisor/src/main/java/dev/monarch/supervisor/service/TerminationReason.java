package dev.monarch.supervisor.service;

/** Why a service was restarted (supervisor.md 4.4 and 9.4). */
public enum TerminationReason {
  PACKAGE_UPDATED("package_updated"),
  INIT_HOOK_FAILED("init_hook_failed"),
  RUN_HOOK_FAILED("run_hook_failed"),
  APP_CONFIG_UPDATED("app_config_updated"),
  INIT_HOOK_UPDATED("init_hook_updated"),
  RUN_HOOK_UPDATED("run_hook_updated"),
  POST_RUN_HOOK_UPDATED("post_run_hook_updated");

  private final String text;

  TerminationReason(String text) {
    this.text = text;
  }

  /** As documents say it. */
  public String text() {
    return text;
  }

  /** A failure waits for its next attempt and is counted; what was wished for is not. */
  public boolean isFailure() {
    return switch (this) {
      case INIT_HOOK_FAILED, RUN_HOOK_FAILED -> true;
      case PACKAGE_UPDATED,
          APP_CONFIG_UPDATED,
          INIT_HOOK_UPDATED,
          RUN_HOOK_UPDATED,
          POST_RUN_HOOK_UPDATED ->
          false;
    };
  }
}

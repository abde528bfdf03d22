package dev.monarch.supervisor.http;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.hooks.HookCommand;
import dev.monarch.supervisor.http.ServiceSnapshot.Prepared;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.supervisor.service.ServiceStatus;
import dev.monarch.supervisor.service.ServiceStatus.LastProcess;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.control.DesiredState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A service as {@code GET /services} shows it (supervisor.md 9.4), with the original's keys in the
 * original's order.
 */
final class ServiceDocument {
  /** In the original's order; it shows no others. */
  private static final List<Hook> SHOWN =
      List.of(
          Hook.HEALTH_CHECK,
          Hook.INIT,
          Hook.FILE_UPDATED,
          Hook.RECONFIGURE,
          Hook.SUITABILITY,
          Hook.RUN,
          Hook.POST_RUN,
          Hook.POST_STOP);

  private ServiceDocument() {}

  static byte[] all(List<ServiceSnapshot> services, boolean redacted) {
    return Json.objects(
        services.stream().filter(service -> service.prepared().isPresent()).toList(),
        (json, service) -> write(json, service, service.prepared().orElseThrow(), redacted));
  }

  static byte[] one(ServiceSnapshot service, Prepared prepared, boolean redacted) {
    return Json.object(json -> write(json, service, prepared, redacted));
  }

  private static void write(
      Json json, ServiceSnapshot service, Prepared prepared, boolean redacted) {
    ServiceSpec spec = service.spec();
    ServiceStatus status = service.status();
    json.objects("all_pkg_binds", binds(prepared.installed()).toList(), ServiceDocument::bind);
    json.text("binding_mode", lower(spec.bindingMode()));
    json.texts("binds", spec.binds().stream().map(Object::toString).toList());
    json.text("bldr_url", spec.builderUrl());
    if (!redacted) {
      json.tree("cfg", prepared.cfg());
    }
    json.text("channel", spec.channel());
    json.text("config_from", spec.configFrom().map(Path::toString));
    json.text("desired_state", spec.desiredState() == DesiredState.UP ? "Up" : "Down");
    json.text("health_check", status.health().text());
    json.object("hooks", hooks -> SHOWN.forEach(hook -> hook(hooks, prepared, hook)));
    json.flag("initialized", status.initialized());
    json.text("last_election_status", status.election().text());
    json.object("manager_fs_cfg", files -> files(files, parent(service.specFile())));
    json.object("pkg", pkg -> pkg(pkg, prepared));
    json.object("process", process -> process(process, service));
    lastProcess(json, service);
    number(
        json,
        "next_restart_at",
        status.nextRestartNanos().isPresent()
            ? OptionalLong.of(epochSecond(service, status.nextRestartNanos().getAsLong()))
            : OptionalLong.empty());
    json.number("restart_count", status.restartCount());
    json.object("restart_config", config -> restart(config, service.restart()));
    json.text("service_group", service.group().text());
    json.text("spec_file", service.specFile().toString());
    json.object("spec_ident", ident -> ident(ident, spec.ident()));
    json.text("spec_identifier", spec.ident().toString());
    json.text("svc_encrypted_password", spec.encryptedPassword());
    json.object(
        "health_check_interval", interval -> duration(interval, spec.healthCheckInterval()));
    json.tree("sys", service.sys());
    json.text("topology", lower(spec.topology()));
    json.text("update_strategy", lower(spec.updateStrategy()));
    json.text("update_condition", lower(spec.updateCondition()));
    json.flag("user_config_updated", service.userConfigUpdated());
  }

  private static Stream<Map.Entry<String, List<String>>> binds(InstalledPackage installed) {
    return Stream.concat(
        installed.binds().entrySet().stream(), installed.optionalBinds().entrySet().stream());
  }

  private static void bind(Json json, Map.Entry<String, List<String>> bind) {
    json.text("service", bind.getKey());
    json.texts("exports", bind.getValue());
  }

  private static void hook(Json json, Prepared prepared, Hook hook) {
    String name = hook.fileName().replace('-', '_');
    if (!prepared.hooks().contains(hook)) {
      json.nothing(name);
      return;
    }
    Path logs = prepared.directory().resolve("logs");
    json.object(
        name,
        paths -> {
          paths.text(
              "render_pair",
              prepared.directory().resolve("hooks").resolve(hook.fileName()).toString());
          paths.text("stdout_log_path", HookCommand.stdoutLog(logs, hook).toString());
          paths.text("stderr_log_path", HookCommand.stderrLog(logs, hook).toString());
        });
  }

  /** All of it lies where specs do. */
  private static void files(Json json, Path specs) {
    json.text("sup_root", parent(specs).toString());
    json.text("data_path", specs.resolveSibling("data").toString());
    json.text("specs_path", specs.toString());
    json.text("member_id_file", specs.resolveSibling("MEMBER_ID").toString());
    json.text("proc_lock_file", specs.resolveSibling("LOCK").toString());
  }

  private static void pkg(Json json, Prepared prepared) {
    InstalledPackage installed = prepared.installed();
    PackageIdent ident = installed.ident();
    Path directory = prepared.directory();
    json.text("ident", ident.toString());
    ident(json, ident);
    json.objects("deps", installed.tdeps(), ServiceDocument::ident);
    json.texts("dependencies", installed.deps().stream().map(PackageIdent::toString).toList());
    context(json, prepared, "env");
    json.texts("exposes", installed.exposes());
    json.object("exports", exports -> installed.exports().forEach(exports::text));
    json.text("path", installed.path().toString());
    json.text("svc_path", directory.toString());
    for (String place : List.of("config", "config_install", "data", "files", "static", "var")) {
      json.text("svc_" + place + "_path", directory.resolve(place).toString());
    }
    json.text("svc_pid_file", directory.resolve("PID").toString());
    json.text("svc_run", directory.resolve("run").toString());
    context(json, prepared, "svc_user");
    context(json, prepared, "svc_group");
    json.text("shutdown_signal", installed.shutdownSignal().name());
    json.number("shutdown_timeout", installed.shutdownTimeout().toSeconds());
  }

  /** What templates see under the same name. */
  private static void context(Json json, Prepared prepared, String name) {
    Optional.ofNullable(prepared.context().get(name))
        .ifPresentOrElse(value -> json.tree(name, value), () -> json.nothing(name));
  }

  private static void process(Json json, ServiceSnapshot service) {
    Optional<Integer> pid = service.status().process();
    number(json, "pid", optional(pid));
    json.text("state", pid.isPresent() ? "up" : "down");
    json.number("state_entered", epochSecond(service, service.status().processSinceNanos()));
  }

  private static void lastProcess(Json json, ServiceSnapshot service) {
    Optional<LastProcess> last = service.status().lastProcess();
    if (last.isEmpty()) {
      json.nothing("last_process_state");
      return;
    }
    json.object(
        "last_process_state",
        process -> {
          number(process, "pid", optional(last.get().pid()));
          process.text("termination_reason", last.get().reason().text());
          process.number("terminated_at", epochSecond(service, last.get().atNanos()));
        });
  }

  private static OptionalLong optional(Optional<Integer> pid) {
    return pid.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static void number(Json json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.number(name, value.getAsLong());
    } else {
      json.nothing(name);
    }
  }

  private static void restart(Json json, RestartSettings settings) {
    json.object("min_backoff_period", period -> duration(period, settings.minBackoff()));
    json.object("max_backoff_period", period -> duration(period, settings.maxBackoff()));
    json.object("cooldown_period", period -> duration(period, settings.cooldown()));
  }

  private static void duration(Json json, Duration duration) {
    json.number("secs", duration.toSeconds());
    json.number("nanos", duration.toNanosPart());
  }

  private static void ident(Json json, PackageIdent ident) {
    json.text("origin", ident.origin());
    json.text("name", ident.name());
    json.text("version", ident.version());
    json.text("release", ident.release());
  }

  private static long epochSecond(ServiceSnapshot service, long nanos) {
    return service.wallTime(nanos).getEpochSecond();
  }

  private static Path parent(Path file) {
    return Optional.ofNullable(file.getParent()).orElse(file);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

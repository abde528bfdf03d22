package dev.monarch.supervisor.manager;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import dev.monarch.supervisor.render.Ownership;
import dev.monarch.supervisor.render.ServiceRendering;
import dev.monarch.supervisor.render.ServiceTree;
import dev.monarch.supervisor.service.PackageFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service that is ready for its hooks: what {@link Preparing} made of its spec.
 *
 * @param gossipProblem why the ring's configuration is not among the layers, if it is no good
 * @param environment what hooks and the process get, all of it
 * @param context {@code pkg} of templates (supervisor.md 7.6)
 */
record Preparation(
    InstalledPackage installed,
    ConfigurationLayers layers,
    Optional<String> gossipProblem,
    ServiceTree tree,
    Ownership ownership,
    ServiceRendering rendering,
    Map<String, String> environment,
    Map<String, Object> context,
    PackageFacts facts) {
  Preparation {
    environment = Map.copyOf(environment);
    context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
  }

  /** What each bind of the package must export, optional ones included. */
  Map<String, List<String>> requiredExports() {
    var required = new LinkedHashMap<String, List<String>>(installed.optionalBinds());
    required.putAll(installed.binds());
    return required;
  }

  /**
   * {@code pkg} of templates.
   *
   * @param environment the package's own part of it, {@code pkg.env}
   */
  static Map<String, Object> context(
      InstalledPackage installed,
      ServiceTree tree,
      Ownership ownership,
      Map<String, String> environment) {
    PackageIdent ident = installed.ident();
    var pkg = new LinkedHashMap<String, Object>();
    pkg.put("ident", ident.toString());
    pkg.putAll(RenderContext.ident(ident));
    List<Object> deps = new ArrayList<>();
    installed.tdeps().forEach(dependency -> deps.add(RenderContext.ident(dependency)));
    pkg.put("deps", deps);
    pkg.put("env", new LinkedHashMap<String, Object>(environment));
    pkg.put("exposes", List.<Object>copyOf(installed.exposes()));
    pkg.put("exports", new LinkedHashMap<String, Object>(installed.exports()));
    pkg.put("path", installed.path().toString());
    pkg.put("svc_path", tree.root().toString());
    pkg.put("svc_config_path", tree.config().toString());
    pkg.put("svc_config_install_path", tree.configInstall().toString());
    pkg.put("svc_data_path", tree.data().toString());
    pkg.put("svc_files_path", tree.files().toString());
    pkg.put("svc_static_path", tree.statics().toString());
    pkg.put("svc_var_path", tree.var().toString());
    pkg.put("svc_pid_file", tree.pidFile().toString());
    pkg.put("svc_run", tree.run().toString());
    pkg.put("svc_user", ownership.user());
    pkg.put("svc_group", ownership.group());
    return pkg;
  }
}

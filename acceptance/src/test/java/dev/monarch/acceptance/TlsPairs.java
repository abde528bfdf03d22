package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Keys and certificates for a control gateway and its clients, made by our own command. */
record TlsPairs(Path directory) {
  private static final String GATEWAY = "gateway";
  static final String CLIENT = "client";
  private static final String STRANGER = "stranger";

  /** Makes a pair for the gateway, one for who may command it, and one for who may not. */
  static TlsPairs made(Stage stage, Supervisor by) {
    Path directory = stage.directory().resolve("tls");
    for (String whose : new String[] {GATEWAY, CLIENT, STRANGER}) {
      Command.Ending made =
          new Command(
                  Stream.concat(
                          Surroundings.hab().stream(),
                          Stream.of(
                              "sup",
                              "secret",
                              "generate-tls",
                              "--subject-alternative-name",
                              whose + ".example",
                              directory.resolve(whose).toString()))
                      .toList(),
                  Map.of("FS_ROOT", by.root().toString()))
              .run();
      assertThat(made.exit()).as(made.output()).isZero();
    }
    return new TlsPairs(directory);
  }

  /** Options that make its control gateway ask for the client's certificate. */
  Supervisor protect(Supervisor member) throws IOException {
    return member.with(
        "--ctl-server-key=" + file(GATEWAY, "key"),
        "--ctl-server-certificate=" + file(GATEWAY, "crt"),
        "--ctl-client-ca-certificate=" + file(CLIENT, "crt"));
  }

  private Path file(String whose, String kind) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.resolve(whose), "ctl-gateway-*." + kind + ".pem")) {
      return files.iterator().next();
    }
  }

  /** The services of a Supervisor, asked for by whom this pair belongs to. */
  Command.Ending status(Supervisor member, String whose) throws IOException {
    member.settings(
        """
        ctl_server_ca_certificate = "%s"
        ctl_server_name_indication = "gateway.example"
        ctl_client_certificate = "%s"
        ctl_client_key = "%s"
        """
            .formatted(directory.resolve(GATEWAY), file(whose, "crt"), directory.resolve(whose)));
    return member.control("", "svc", "status");
  }

  /** Nobody, a stranger, who expects another gateway, and who speaks in clear. */
  void assertOthersAreRefused(Supervisor member) throws IOException {
    refused(status(member, STRANGER), "accept our certificate");
    String authority = "ctl_server_ca_certificate = \"" + directory.resolve(GATEWAY) + "\"\n";
    member.settings(authority + "ctl_server_name_indication = \"gateway.example\"\n");
    refused(member.control("", "svc", "status"), "accept us");
    member.settings(authority);
    refused(member.control("", "svc", "status"), "found one for gateway.example, localhost");
    member.settings(authority.replace(GATEWAY, STRANGER));
    refused(member.control("", "svc", "status"), "vouches for");
    member.settings("");
    refused(member.control("", "svc", "status"), "expected a control gateway without TLS");
  }

  private static void refused(Command.Ending ending, String reason) {
    assertThat(ending.output()).contains(reason).hasLineCount(3);
    assertThat(ending.exit()).isEqualTo(1);
  }
}

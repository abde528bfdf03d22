package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Ipv4;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerSourceTest {
  private static final PeerSource.Pace BRISK =
      new PeerSource.Pace(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(10));

  @TempDir private Path directory;
  private final Map<String, List<String>> names = new ConcurrentHashMap<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final List<List<Endpoint>> told = new CopyOnWriteArrayList<>();
  private final List<PeerSource> sources = new ArrayList<>();

  @AfterEach
  void closeAll() {
    sources.forEach(PeerSource::close);
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    if (Ipv4.isLiteral(host)) {
      return List.of(InetAddress.ofLiteral(host));
    }
    // Looked up once: the test takes names away while another thread resolves.
    List<String> addresses = names.getOrDefault(host, List.of());
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return addresses.stream().map(InetAddress::ofLiteral).toList();
  }

  private PeerSource source(List<String> fixed, Optional<Path> file) {
    PeerSource source = new PeerSource(fixed, file, this::resolve, BRISK, troubles::add);
    sources.add(source);
    return source;
  }

  private static Endpoint at(String address) {
    return new Endpoint(address, 9638);
  }

  @Test
  void aNameStandsForAllItsIpv4AddressesAndThePortIsOptional() throws Exception {
    names.put("ring.example", List.of("::1", "192.0.2.1", "192.0.2.2"));
    assertThat(source(List.of("ring.example", "192.0.2.9:700"), Optional.empty()).first())
        .containsExactly(at("192.0.2.1"), at("192.0.2.2"), new Endpoint("192.0.2.9", 700));
  }

  @Test
  void aPeerThatCannotBeResolvedIsRefusedAtTheStart() {
    names.put("six.example", List.of("::1"));
    for (String bad :
        List.of("nowhere.example", "six.example", "", "192.0.2.1:0", "192.0.2.1:x", "::1")) {
      assertThatExceptionOfType(RingStartException.class)
          .isThrownBy(() -> source(List.of("192.0.2.1", bad), Optional.empty()).first())
          .withMessageStartingWith("cannot resolve peer \"" + bad + "\" to an IPv4 address")
          .withMessageNotContaining("\n");
    }
  }

  @Test
  void addressesThatChangeBehindANameAreTold() throws Exception {
    names.put("ring.example", List.of("192.0.2.1"));
    PeerSource source = source(List.of("ring.example"), Optional.empty());
    assertThat(source.first()).containsExactly(at("192.0.2.1"));
    source.start(() -> true, told::add);
    names.put("ring.example", List.of("192.0.2.2"));
    eventually(() -> told, List.of(List.of(at("192.0.2.2")))::equals);
    names.remove("ring.example");
    eventually(() -> told, all -> all.size() == 2);
    assertThat(told.getLast()).isEmpty();
    assertThat(troubles).hasSize(1);
  }

  @Test
  void theWatchFileMayAppearChangeAndVanishAndBadLinesCostThemselves() throws Exception {
    Path file = directory.resolve("peers");
    PeerSource source = source(List.of(), Optional.of(file));
    assertThat(source.first()).isEmpty();
    source.start(() -> true, told::add);
    Files.writeString(file, "192.0.2.1\n\nnowhere.example\n192.0.2.2:80\n");
    eventually(
        () -> told, all -> all.contains(List.of(at("192.0.2.1"), new Endpoint("192.0.2.2", 80))));
    eventually(() -> troubles.size(), count -> count >= 2);
    assertThat(troubles)
        .contains(
            "peer watch file: expected host or host:port with an IPv4 address, found \"\"",
            "peer watch file: expected host or host:port with an IPv4 address, found"
                + " \"nowhere.example\"");
    Files.delete(file);
    eventually(() -> told.getLast(), List::isEmpty);
  }
}

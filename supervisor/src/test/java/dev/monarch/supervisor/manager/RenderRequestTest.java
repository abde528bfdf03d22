package dev.monarch.supervisor.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusKeeper;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderRequestTest {
  private static final String OTHER = "0ddba11";
  private static final ServiceGroup PG = new ServiceGroup("pg.default");

  private final CensusKeeper census = new CensusKeeper(LivingServices.SELF);

  RenderRequestTest() {
    census.learn(LivingServices.service(LivingServices.SELF, PG.text(), 1, "port = 1"));
    census.learn(LivingServices.service(OTHER, PG.text(), 1, "port = 2"));
    census.learn(member(Health.ALIVE));
  }

  private static Membership member(Health health) {
    return new Membership(Member.of(OTHER, 0, "10.0.0.1", 9638), health);
  }

  /** Bound to its own group, so that both ways into the context are tried. */
  private RenderRequest request() {
    CensusGroup group = census.find(PG.text()).orElseThrow();
    var sys =
        new SysFacts(
            "0.1.0",
            LivingServices.SELF,
            "127.0.0.1",
            "here",
            new InetSocketAddress(9638),
            new InetSocketAddress(9631),
            new InetSocketAddress(9632),
            false);
    return new RenderRequest(
        sys, Map.of("name", "pg"), ConfigurationLayers.NONE, group, Map.of("database", group));
  }

  private static ServiceRumor applied(long incarnation, long version) {
    ServiceRumor plain = LivingServices.service(OTHER, PG.text(), incarnation, "port = 2");
    return new ServiceRumor(
        plain.fromId(),
        plain.memberId(),
        plain.group(),
        plain.incarnation(),
        plain.initialized(),
        plain.pkg(),
        plain.cfg(),
        plain.sys(),
        plain.pkgIncarnation(),
        Optional.of(AppliedConfiguration.applied(version)));
  }

  @Test
  void whatNoTemplateCanNameMakesNoOtherRequest() {
    RenderRequest before = request();
    List<Rumor> news =
        List.of(
            applied(2, 7),
            new ServiceConfigRumor("operator", PG, 8, false, Bytes.utf8("port = 3")),
            new ServiceFileRumor("operator", PG, 9, false, "a.txt", Bytes.utf8("a")));
    for (Rumor one : news) {
      census.learn(one);
      assertThat(census.takeConcerned()).as("%s is news", one).contains(PG.text());
      assertThat(request()).isEqualTo(before);
      assertThat(request().context()).isEqualTo(before.context());
    }
  }

  @Test
  void whatTemplatesCanNameMakesAnotherRequest() {
    RenderRequest before = request();

    census.learn(member(Health.CONFIRMED));
    RenderRequest withoutTheOther = request();
    assertThat(withoutTheOther).isNotEqualTo(before);

    census.learn(LivingServices.service(OTHER, PG.text(), 2, "port = 4"));
    RenderRequest withAnotherExport = request();
    assertThat(withAnotherExport).isNotEqualTo(withoutTheOther);

    census.learn(
        new ElectionRumor(
            new Election(OTHER, PG.text(), 1, 0, ElectionStatus.FINISHED, List.of(OTHER))));
    assertThat(request()).isNotEqualTo(withAnotherExport);
  }
}

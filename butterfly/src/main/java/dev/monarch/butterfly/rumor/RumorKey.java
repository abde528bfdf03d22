package dev.monarch.butterfly.rumor;

import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;

/**
 * What makes two rumors versions of one (butterfly.md 7.1).
 *
 * @param kind the store it lives in
 * @param key the service group; the literal {@code departure} for departures, empty for members
 * @param id within the key: the member, the file name, or a literal
 */
public record RumorKey(RumorKind kind, String key, String id) {

  public static RumorKey ofMember(String memberId) {
    return new RumorKey(RumorKind.MEMBER, "", memberId);
  }

  public static RumorKey of(Rumor rumor) {
    return switch (rumor) {
      case MemberRumor member -> ofMember(member.membership().member().id());
      case ServiceRumor service ->
          new RumorKey(RumorKind.SERVICE, service.group().text(), service.memberId());
      case ServiceConfigRumor config ->
          new RumorKey(RumorKind.SERVICE_CONFIG, config.group().text(), "service_config");
      case ServiceFileRumor file ->
          new RumorKey(RumorKind.SERVICE_FILE, file.group().text(), file.filename());
      case ElectionRumor election ->
          new RumorKey(RumorKind.ELECTION, election.election().group(), "election");
      case ElectionUpdateRumor election ->
          new RumorKey(RumorKind.ELECTION_UPDATE, election.election().group(), "election");
      case DepartureRumor departure ->
          new RumorKey(RumorKind.DEPARTURE, "departure", departure.memberId());
    };
  }
}

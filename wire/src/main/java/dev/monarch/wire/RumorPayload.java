package dev.monarch.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a rumor says, on its way in; one class for each field it may come in. */
abstract sealed class RumorPayload extends Draft {
  /** The rumor. The kind has been held against the payload and tells the two elections apart. */
  abstract Rumor finish(RumorKind kind, String fromId) throws RefusedException;

  private static ServiceGroup group(@Nullable String text) throws RefusedException {
    String found = requiredName(text, "a service group");
    return ServiceGroup.parse(found)
        .orElseThrow(
            () ->
                new RefusedException(
                    Rejection.FIELD_INVALID,
                    "expected a service group such as web.default, found "
                        + RefusedException.quote(found)));
  }

  static final class OfMember extends RumorPayload {
    private final MembershipDraft membership = new MembershipDraft();

    @Override
    protected void read(ProstReader in) throws RefusedException {
      membership.read(in);
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      return new Rumor.MemberRumor(fromId, membership.finishOrRefuse());
    }
  }

  static final class OfService extends RumorPayload {
    private @Nullable String memberId;
    private @Nullable String group;
    private long incarnation;
    private boolean initialized;
    private @Nullable String pkg;
    private Bytes cfg = Bytes.EMPTY;
    private @Nullable SysInfoDraft sys;
    private long pkgIncarnation;
    private @Nullable AppliedConfigurationDraft applied;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> memberId = in.text();
        case 2 -> group = in.text();
        case 3 -> incarnation = in.int64();
        case 8 -> initialized = in.bool();
        case 9 -> pkg = in.text();
        case 10 -> cfg = in.byteString();
        case 12 -> {
          sys = sys == null ? new SysInfoDraft() : sys;
          sys.merge(in.message());
        }
        case 13 -> pkgIncarnation = in.int64();
        case RumorCodec.APPLIED_CONFIGURATION -> {
          applied = applied == null ? new AppliedConfigurationDraft() : applied;
          applied.merge(in.message());
        }
        default -> in.skip();
      }
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      return new Rumor.ServiceRumor(
          fromId,
          requiredName(memberId, "a service's member id"),
          group(group),
          incarnation,
          initialized,
          requiredName(pkg, "a package identifier"),
          cfg,
          required(sys, "system information").finish(),
          pkgIncarnation,
          applied == null ? Optional.empty() : applied.finish());
    }
  }

  private static final class SysInfoDraft extends Draft {
    private @Nullable String ip;
    private @Nullable String hostname;
    private String gossipIp = "";
    private int gossipPort;
    private String httpGatewayIp = "";
    private int httpGatewayPort;
    private String ctlGatewayIp = "";
    private int ctlGatewayPort;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> ip = in.text();
        case 2 -> hostname = in.text();
        case 3 -> gossipIp = in.text();
        case 4 -> gossipPort = in.int32();
        case 5 -> httpGatewayIp = in.text();
        case 6 -> httpGatewayPort = in.int32();
        case 7 -> ctlGatewayIp = in.text();
        case 8 -> ctlGatewayPort = in.int32();
        default -> in.skip();
      }
    }

    SysInfo finish() throws RefusedException {
      return new SysInfo(
          requiredName(ip, "the address in the system information"),
          requiredName(hostname, "the host name in the system information"),
          Limits.checkName("a gossip address", gossipIp),
          gossipPort,
          Limits.checkName("an HTTP gateway address", httpGatewayIp),
          httpGatewayPort,
          Limits.checkName("a control gateway address", ctlGatewayIp),
          ctlGatewayPort);
    }
  }

  static final class OfServiceConfig extends RumorPayload {
    private @Nullable String group;
    private long incarnation;
    private boolean encrypted;
    private Bytes config = Bytes.EMPTY;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> group = in.text();
        case 2 -> incarnation = in.int64();
        case 3 -> encrypted = in.bool();
        case 4 -> config = in.byteString();
        default -> in.skip();
      }
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      return new Rumor.ServiceConfigRumor(fromId, group(group), incarnation, encrypted, config);
    }
  }

  static final class OfServiceFile extends RumorPayload {
    private @Nullable String group;
    private long incarnation;
    private boolean encrypted;
    private @Nullable String filename;
    private Bytes body = Bytes.EMPTY;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        case 1 -> group = in.text();
        case 2 -> incarnation = in.int64();
        case 3 -> encrypted = in.bool();
        case 4 -> filename = in.text();
        case 5 -> body = in.byteString();
        default -> in.skip();
      }
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      return new Rumor.ServiceFileRumor(
          fromId,
          group(group),
          incarnation,
          encrypted,
          requiredName(filename, "a file name"),
          body);
    }
  }

  static final class OfElection extends RumorPayload {
    private @Nullable String group;
    private long term;
    private long suitability;
    private Rumor.ElectionStatus status = Rumor.ElectionStatus.RUNNING;
    private final List<String> votes = new ArrayList<>();

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        // The candidate is the rumor's origin, whatever stands here; but it must be text.
        case 1 -> in.text();
        case 2 -> group = in.text();
        case 3 -> term = in.int64();
        case 4 -> suitability = in.int64();
        case 5 -> status = statusOf(in.int32());
        case 6 -> votes.add(vote(in.text()));
        default -> in.skip();
      }
    }

    private String vote(String id) throws RefusedException {
      if (votes.size() == Limits.VOTES_MAX) {
        throw new RefusedException(
            Rejection.OVERSIZED, "expected at most " + Limits.VOTES_MAX + " votes, found more");
      }
      return Limits.checkName("a vote", id);
    }

    private static Rumor.ElectionStatus statusOf(int number) {
      return switch (number) {
        case 2 -> Rumor.ElectionStatus.NO_QUORUM;
        case 3 -> Rumor.ElectionStatus.FINISHED;
        // 1 is this one, and so is any number the original does not know.
        default -> Rumor.ElectionStatus.RUNNING;
      };
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      Rumor.Election election =
          new Rumor.Election(
              fromId, requiredName(group, "a service group"), term, suitability, status, votes);
      return kind == RumorKind.ELECTION_UPDATE
          ? new Rumor.ElectionUpdateRumor(election)
          : new Rumor.ElectionRumor(election);
    }
  }

  static final class OfDeparture extends RumorPayload {
    private @Nullable String memberId;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      if (in.field() == 1) {
        memberId = in.text();
      } else {
        in.skip();
      }
    }

    @Override
    Rumor finish(RumorKind kind, String fromId) throws RefusedException {
      return new Rumor.DepartureRumor(
          fromId, requiredName(memberId, "the id of the member that departs"));
    }
  }
}

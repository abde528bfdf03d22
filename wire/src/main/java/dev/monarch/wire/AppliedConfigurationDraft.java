package dev.monarch.wire;

import java.util.Optional;

/** An {@link AppliedConfiguration} on its way in. */
final class AppliedConfigurationDraft extends Draft {
  private long version;
  private int outcome;
  private String reason = "";

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> version = in.int64();
      case 2 -> outcome = in.int32();
      case 3 -> reason = in.text();
      default -> in.skip();
    }
  }

  /** Empty for an outcome that a later version of ours may know. */
  Optional<AppliedConfiguration> finish() {
    for (AppliedConfiguration.Outcome known : AppliedConfiguration.Outcome.values()) {
      if (known.number() == outcome) {
        return Optional.of(new AppliedConfiguration(version, known, reason));
      }
    }
    return Optional.empty();
  }
}

package dev.monarch.wire.control;

import dev.monarch.wire.ProstReader;
import dev.monarch.wire.RefusedException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SpecChange} on its way in, as a part of a load or an update. A number that names no
 * choice is as good as absent (control.md 7.3).
 */
final class SpecChangeDraft {
  private @Nullable ServiceBindListDraft binds;
  private Optional<BindingMode> bindingMode = Optional.empty();
  private Optional<String> builderUrl = Optional.empty();
  private Optional<String> channel = Optional.empty();
  private Optional<String> group = Optional.empty();
  private Optional<String> encryptedPassword = Optional.empty();
  private Optional<Topology> topology = Optional.empty();
  private Optional<UpdateStrategy> updateStrategy = Optional.empty();
  private Optional<UpdateCondition> updateCondition = Optional.empty();
  private @Nullable SecondsDraft healthCheckInterval;
  private OptionalLong shutdownTimeout = OptionalLong.empty();

  void read(SpecField field, ProstReader in) throws RefusedException {
    switch (field) {
      case BINDS -> {
        binds = binds == null ? new ServiceBindListDraft() : binds;
        binds.merge(in.message());
      }
      case BINDING_MODE -> bindingMode = choice(BindingMode.values(), BindingMode::number, in);
      case BUILDER_URL -> builderUrl = Optional.of(in.text());
      case CHANNEL -> channel = Optional.of(in.text());
      case GROUP -> group = Optional.of(in.text());
      case ENCRYPTED_PASSWORD -> encryptedPassword = Optional.of(in.text());
      case TOPOLOGY -> topology = choice(Topology.values(), Topology::number, in);
      case UPDATE_STRATEGY ->
          updateStrategy = choice(UpdateStrategy.values(), UpdateStrategy::number, in);
      case UPDATE_CONDITION ->
          updateCondition = choice(UpdateCondition.values(), UpdateCondition::number, in);
      case HEALTH_CHECK_INTERVAL -> {
        healthCheckInterval =
            healthCheckInterval == null ? new SecondsDraft() : healthCheckInterval;
        healthCheckInterval.merge(in.message());
      }
      case SHUTDOWN_TIMEOUT ->
          shutdownTimeout = OptionalLong.of(Integer.toUnsignedLong(in.int32()));
    }
  }

  private static <E> Optional<E> choice(E[] all, ToIntFunction<E> number, ProstReader in)
      throws RefusedException {
    int found = in.int32();
    return Arrays.stream(all).filter(one -> number.applyAsInt(one) == found).findFirst();
  }

  SpecChange finish() throws RefusedException {
    return Valid.orRefused(
        () ->
            new SpecChange(
                Optional.ofNullable(binds).map(ServiceBindListDraft::finish),
                bindingMode,
                builderUrl,
                channel,
                group,
                encryptedPassword,
                topology,
                updateStrategy,
                updateCondition,
                healthCheckInterval == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(healthCheckInterval.finish()),
                shutdownTimeout));
  }
}

package dev.monarch.wire.control;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The fields that a load and an update have both, under different numbers (control.md 4.3). */
enum SpecField {
  BINDS(3, 2),
  BINDING_MODE(14, 3),
  BUILDER_URL(6, 4),
  CHANNEL(7, 5),
  GROUP(10, 6),
  ENCRYPTED_PASSWORD(11, 7),
  TOPOLOGY(12, 8),
  UPDATE_STRATEGY(13, 9),
  HEALTH_CHECK_INTERVAL(15, 10),
  SHUTDOWN_TIMEOUT(16, 11),
  UPDATE_CONDITION(17, 12);

  /** Which of the two messages. */
  enum In {
    LOAD,
    UPDATE;

    int number(SpecField field) {
      return switch (this) {
        case LOAD -> field.inLoad;
        case UPDATE -> field.inUpdate;
      };
    }

    /** In the order in which they are written. */
    List<SpecField> ascending() {
      return Arrays.stream(SpecField.values())
          .sorted(Comparator.comparingInt(this::number))
          .toList();
    }

    Optional<SpecField> of(int fieldNumber) {
      return Arrays.stream(SpecField.values())
          .filter(field -> number(field) == fieldNumber)
          .findFirst();
    }
  }

  private final int inLoad;
  private final int inUpdate;

  SpecField(int inLoad, int inUpdate) {
    this.inLoad = inLoad;
    this.inUpdate = inUpdate;
  }
}

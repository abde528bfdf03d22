package dev.monarch.supervisor.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.launcher.RunAs;
import dev.monarch.packages.ServiceOwner;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
  private static final Optional<ServiceOwner> ROOT = Optional.of(new ServiceOwner("root", "root"));

  @Test
  void aSupervisorThatMaySwitchStartsProcessesAsThePackageNames() throws IOException {
    Ownership ownership = Ownership.of(ROOT, true);

    assertThat(ownership.user()).isEqualTo("root");
    assertThat(ownership.group()).isEqualTo("root");
    assertThat(ownership.runAs()).contains(new RunAs("root", "root"));
    assertThat(ownership.actual()).isEqualTo(new ServiceOwner("root", "root"));
  }

  @Test
  void aSupervisorThatMayNotSwitchStartsProcessesAsItself() throws IOException {
    Ownership ownership = Ownership.of(ROOT, false);

    assertThat(ownership.user()).as("templates see the package's").isEqualTo("root");
    assertThat(ownership.runAs()).isEmpty();
    assertThat(ownership.actual().user()).isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void aPackageThatNamesNobodyTakesHabOrOurselves() throws IOException {
    Ownership ownership = Ownership.of(Optional.empty(), false);

    assertThat(ownership.user()).isIn("hab", System.getProperty("user.name"));
  }

  @Test
  void aUserOrGroupThatThisMachineDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> Ownership.of(Optional.of(new ServiceOwner("nobody-at-all", "root"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("user nobody-at-all");
    assertThatThrownBy(() -> Ownership.of(Optional.of(new ServiceOwner("root", "none-at-all"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("group none-at-all");
  }

  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, true",
    "ffffffffffffffff, true",
    "00000000000000c1, true",
    "00000000000000c0, false",
    "0000000000000081, false",
    "0000000000000041, false",
    "0000000000000000, false"
  })
  void allThreeCapabilitiesAreNeeded(String effective, boolean enough) {
    String status =
        "Name:\tjava\nCapPrm:\t000001ffffffffff\nCapEff:\t" + effective + "\nSeccomp: 0";

    assertThat(Ownership.hasCapabilities(status)).isEqualTo(enough);
  }
}

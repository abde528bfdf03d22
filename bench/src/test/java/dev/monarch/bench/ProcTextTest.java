package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ProcTextTest {
  @Test
  void memoryIsReadFromItsLine() {
    String status = "Name:\tjava\nVmHWM:\t   99999 kB\nVmRSS:\t   81234 kB\nThreads:\t22\n";

    assertThat(ProcText.kilobytes(status, "VmRSS")).isEqualTo(81_234);
  }

  @Test
  void aKeyThatOnlyBeginsTheSameIsAnotherOne() {
    assertThat(ProcText.kilobytes("Pss_Dirty:  7 kB\nPss:  12 kB\n", "Pss")).isEqualTo(12);
  }

  @Test
  void aMissingLineIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcText.kilobytes("Threads: 3\n", "VmRSS"))
        .withMessageContaining("VmRSS");
  }

  @Test
  void processorTimeIsCountedFromBehindTheName() {
    String stat = "4242 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";

    assertThat(ProcText.cpuTicks(stat)).isEqualTo(300);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatThisKernelWritesIsUnderstood() {
    assertThat(ProcText.kilobytes(Machine.read(Path.of("/proc/self/status")), "VmRSS"))
        .isPositive();
    assertThat(ProcText.cpuTicks(Machine.read(Path.of("/proc/self/stat")))).isPositive();
  }
}

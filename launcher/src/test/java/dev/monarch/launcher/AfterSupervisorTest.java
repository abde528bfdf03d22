package dev.monarch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.launcher.AfterSupervisor.End;
import dev.monarch.launcher.AfterSupervisor.StartNext;
import dev.monarch.launcher.ExitStatus.Code;
import dev.monarch.launcher.ExitStatus.Killed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AfterSupervisorTest {
  private static AfterSupervisor after(ExitStatus status) {
    return AfterSupervisor.decide(status, true, false);
  }

  @Test
  void code84StopsEverythingAndIsASuccess() {
    assertThat(after(new Code(84))).isEqualTo(new End(0));
  }

  @Test
  void code86StopsEverythingAndIsHandedOn() {
    assertThat(after(new Code(86))).isEqualTo(new End(86));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 85, 87, 137, 255})
  void anyOtherCodeStartsTheNext(int code) {
    assertThat(after(new Code(code))).isEqualTo(new StartNext());
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 9, 11, 15})
  void aSignalStopsEverything(int signal) {
    assertThat(after(new Killed(signal))).isEqualTo(new End(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 84, 86})
  void theFirstOneThatNeverRegisteredHandsItsCodeOn(int code) {
    assertThat(AfterSupervisor.decide(new Code(code), false, false)).isEqualTo(new End(code));
  }

  @Test
  void theFirstOneThatIsKilledBeforeItRegisteredIsAFailure() {
    assertThat(AfterSupervisor.decide(new Killed(9), false, false)).isEqualTo(new End(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 84, 86})
  void afterAShutdownThatWasWantedNothingIsAFailure(int code) {
    assertThat(AfterSupervisor.decide(new Code(code), true, true)).isEqualTo(new End(0));
  }
}

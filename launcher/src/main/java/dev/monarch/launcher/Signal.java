package dev.monarch.launcher;

import java.util.Arrays;
import java.util.Optional;

/** A signal as Linux numbers it on x86-64 and AArch64. */
public enum Signal {
  HUP(1),
  INT(2),
  QUIT(3),
  ILL(4),
  TRAP(5),
  ABRT(6),
  BUS(7),
  FPE(8),
  KILL(9),
  USR1(10),
  SEGV(11),
  USR2(12),
  PIPE(13),
  ALRM(14),
  TERM(15),
  STKFLT(16),
  CHLD(17),
  CONT(18),
  STOP(19),
  TSTP(20),
  TTIN(21),
  TTOU(22),
  URG(23),
  XCPU(24),
  XFSZ(25),
  VTALRM(26),
  PROF(27),
  WINCH(28),
  IO(29),
  PWR(30),
  SYS(31);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** With its prefix: {@code SIGTERM}. */
  public String longName() {
    return "SIG" + name();
  }

  /** The signal of that name, with {@code SIG} before it or not; packages say {@code TERM}. */
  public static Optional<Signal> named(String name) {
    String plain = name.startsWith("SIG") ? name.substring(3) : name;
    return Arrays.stream(values()).filter(signal -> signal.name().equals(plain)).findFirst();
  }

  public static Optional<Signal> numbered(int number) {
    return Arrays.stream(values()).filter(signal -> signal.number == number).findFirst();
  }
}

package dev.monarch.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The processor time that this process has used, its collector and compiler included. Unlike the
 * time on the wall it hardly depends on what else the machine is doing.
 */
final class ProcessorTime {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessorTime() {}

  static double seconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }
}

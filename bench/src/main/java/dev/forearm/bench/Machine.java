package dev.forearm.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine tells of itself and of its processes. */
public final class Machine {
  private static final String RESIDENT = "VmRSS:";

  private Machine() {}

  /** Of the last minute; negative where the system does not say. */
  public static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /**
   * What a process holds in memory, MiB.
   *
   * @throws IOException if there is no such process, or the system does not say
   */
  public static double residentMib(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(RESIDENT)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException(status + " has no " + RESIDENT);
  }
}

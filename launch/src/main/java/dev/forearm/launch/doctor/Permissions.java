package dev.forearm.launch.doctor;

import dev.forearm.runtime.ffi.LinuxScheduling;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the control thread may ask of the kernel, found out by asking. */
final class Permissions {
  private static final int LOW_PRIORITY = 1;
  private static final Pattern LIMIT =
      Pattern.compile("^(Max [a-z ]+?)\\s{2,}(\\S+)", Pattern.MULTILINE);
  private static final String GRANT =
      "in /etc/security/limits.conf and log in again; without it cycles come late under load";

  private Permissions() {}

  static Finding realTimePriority() {
    String limit = "rtprio limit " + limits().getOrDefault("Max realtime priority", "unknown");
    return permitted(() -> LinuxScheduling.runFirst(LOW_PRIORITY))
        ? Finding.ok("real time", "SCHED_FIFO permitted, " + limit)
        : Finding.less("real time", "SCHED_FIFO refused, " + limit, "grant 'rtprio 50' " + GRANT);
  }

  static Finding lockedMemory() {
    String limit =
        "memlock limit " + limits().getOrDefault("Max locked memory", "unknown") + " bytes";
    return permitted(LinuxScheduling::lockMemory)
        ? Finding.ok("locked memory", "mlockall permitted, " + limit)
        : Finding.less(
            "locked memory", "mlockall refused, " + limit, "grant 'memlock unlimited' " + GRANT);
  }

  /** Asks on a thread of its own, which takes what it was granted with it when it ends. */
  private static boolean permitted(BooleanSupplier ask) {
    AtomicBoolean granted = new AtomicBoolean();
    Thread thread =
        new Thread(() -> granted.set(LinuxScheduling.available() && ask.getAsBoolean()), "doctor");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return granted.get();
  }

  /** Soft limits of this process by the kernel's names. */
  private static Map<String, String> limits() {
    return LIMIT
        .matcher(Checks.read(Path.of("/proc/self/limits")))
        .results()
        .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
  }
}

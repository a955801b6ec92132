package dev.forearm.launch.doctor;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Everything the doctor looks at, in the order it tells. */
final class Checks {
  private static final long DISK_WANTED_BYTES = 2L << 30;

  private Checks() {}

  static List<Check> all() {
    return List.of(
        Checks::jdk,
        Checks::processors,
        Checks::kernel,
        Permissions::realTimePriority,
        Permissions::lockedMemory,
        Libraries::ros,
        Libraries::dds,
        Libraries::mujoco,
        Libraries::onnxRuntime,
        Libraries::zstd,
        Libraries::egl,
        Checks::domain,
        Checks::networkInterface,
        Checks::gpu,
        Checks::disk);
  }

  private static Finding jdk() {
    String found =
        "%s %s in %s"
            .formatted(
                System.getProperty("java.vendor"),
                Runtime.version(),
                System.getProperty("java.home"));
    return Finding.ok("JDK", found);
  }

  private static Finding processors() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores >= 2
        ? Finding.ok("processors", cores + " cores")
        : Finding.less(
            "processors", "1 core", "control and inference share it; give Forearm two or more");
  }

  private static Finding kernel() {
    String release = read(Path.of("/proc/sys/kernel/osrelease")).strip();
    boolean realTime = read(Path.of("/sys/kernel/realtime")).strip().equals("1");
    return realTime
        ? Finding.ok("kernel", release + ", PREEMPT_RT")
        : Finding.less(
            "kernel",
            release + ", not PREEMPT_RT",
            "late cycles are likelier under load; a robot wants a PREEMPT_RT kernel");
  }

  private static Finding domain() {
    String id = System.getenv("ROS_DOMAIN_ID");
    if (id == null || id.isBlank()) {
      return Finding.ok("ROS_DOMAIN_ID", "not set: domain 0; the demo takes a free private one");
    }
    return id.matches("\\d{1,3}") && Integer.parseInt(id) <= 232
        ? Finding.ok("ROS_DOMAIN_ID", id)
        : Finding.missing(
            "ROS_DOMAIN_ID", "'" + id + "'", "set a number from 0 to 232, or unset it");
  }

  private static Finding networkInterface() {
    try {
      NetworkInterface loopback =
          NetworkInterface.networkInterfaces().filter(Checks::isLoopback).findFirst().orElse(null);
      return loopback == null
          ? Finding.missing(
              "DDS interface", "no loopback interface is up", "run 'ip link set lo up'")
          : Finding.ok("DDS interface", loopback.getName() + " (loopback) for demo and tests");
    } catch (SocketException e) {
      return Finding.missing(
          "DDS interface", "cannot be read: " + e.getMessage(), "check 'ip link'");
    }
  }

  private static boolean isLoopback(NetworkInterface candidate) {
    try {
      return candidate.isLoopback() && candidate.isUp();
    } catch (SocketException e) {
      return false;
    }
  }

  private static Finding gpu() {
    String driver = read(Path.of("/proc/driver/nvidia/version")).lines().findFirst().orElse("");
    if (driver.isEmpty()) {
      return Finding.less(
          "GPU", "no NVIDIA driver", "models run on the CPU; nothing to do for the demo");
    }
    Path library =
        Path.of(
            "/usr/lib",
            System.getProperty("os.arch").equals("aarch64")
                ? "aarch64-linux-gnu"
                : "x86_64-linux-gnu",
            "libcuda.so.1");
    return Files.exists(library)
        ? Finding.ok("GPU", driver + ", " + library)
        : Finding.less(
            "GPU",
            driver + ", no " + library,
            "install the driver's libcuda1 for models on the GPU");
  }

  private static Finding disk() {
    Path here = Path.of("").toAbsolutePath();
    long free = here.toFile().getUsableSpace();
    String found = String.format(Locale.ROOT, "%.1f GB free under %s", free / 1e9, here);
    return free >= DISK_WANTED_BYTES
        ? Finding.ok("disk", found)
        : Finding.less("disk", found, "episodes need room: free 2 GB or record elsewhere (--out)");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}

package dev.forearm.launch.doctor;

import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.Ddsc;
import dev.forearm.ros.dds.ffi.DdscLibrary;
import dev.forearm.ros.rcl.ffi.Rcl;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.mcap.ZstdLibrary;
import dev.forearm.sim.ffi.EglContext;
import dev.forearm.sim.ffi.MujocoLibrary;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The native libraries, found out by loading them. */
final class Libraries {
  private Libraries() {}

  static Finding dds() {
    return loaded(
        "Cyclone DDS",
        () -> {
          DdscLibrary library = Ddsc.load();
          String security = library.securityFolder().isPresent() ? "with" : "without";
          return "%s, %s, %s DDS Security".formatted(library.version(), library.file(), security);
        },
        "run any command that needs it and the launcher installs it, or name one with"
            + " FOREARM_DDSC_LIB");
  }

  /** Which carrier topics take here if nobody chooses, found out as a transport would. */
  static Finding ros() {
    if (Carrier.AUTO.here() != Carrier.RCL) {
      return Finding.ok(
          "ROS 2", "none sourced: topics go over Cyclone DDS; source one and they go over its rcl");
    }
    try {
      return Finding.ok("ROS 2", "%s: topics go over its rcl".formatted(Rcl.load()));
    } catch (RosFault e) {
      return Finding.less("ROS 2", e.getMessage(), "until then choose --transport dds");
    }
  }

  static Finding mujoco() {
    return loaded(
        "MuJoCo",
        () ->
            MujocoLibrary.require()
                + ", "
                + MujocoLibrary.locate(System.getenv(), Path.of(System.getProperty("user.home"))),
        "run './forearm demo' and the launcher fetches it, or name one with FOREARM_MUJOCO_LIB");
  }

  static Finding onnxRuntime() {
    return loaded(
        "ONNX Runtime",
        () -> {
          OrtRuntime runtime = OrtRuntime.shared();
          return "%s with %s, %s"
              .formatted(runtime.version(), runtime.availableProviders(), runtime.library());
        },
        "build again with './forearm setup', or name one with FOREARM_ORT_LIB");
  }

  static Finding zstd() {
    return loaded(
        "zstd",
        () -> {
          ZstdLibrary.require();
          return "loaded";
        },
        "start Forearm by its launcher, which unpacks it where it was built");
  }

  static Finding egl() {
    try (EglContext _ = new EglContext()) {
      return Finding.ok("EGL", "surfaceless OpenGL works");
    } catch (RuntimeException | LinkageError e) {
      return Finding.less(
          "EGL", reason(e), "cameras stay dark: install libegl1 and libgl1-mesa-dri");
    }
  }

  private static Finding loaded(String subject, Supplier<String> load, String remedy) {
    try {
      return Finding.ok(subject, load.get());
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(subject, reason(e), remedy);
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}

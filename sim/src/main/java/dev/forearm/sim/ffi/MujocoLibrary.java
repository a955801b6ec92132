package dev.forearm.sim.ffi;

import dev.forearm.sim.SimFault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the MuJoCo library lies: {@code FOREARM_MUJOCO_LIB}, else the newest {@code
 * forearm/mujoco/4.0.*}{@code /libmujoco.so*} in the user's cache ({@code XDG_CACHE_HOME}, else
 * {@code ~/.cache}).
 */
public final class MujocoLibrary {
  private MujocoLibrary() {}

  /**
   * Loads the library, checks its version and routes its errors and warnings here. Cheap after the
   * first call.
   *
   * @return the version, for example {@code 4.0.0}
   * @throws SimFault if there is no library, or one of a release whose layout is not known
   */
  public static String require() {
    locate(System.getenv(), Path.of(System.getProperty("user.home")));
    try {
      return Mujoco.VERSION;
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof SimFault fault) {
        throw fault;
      }
      throw e;
    } catch (NoClassDefFoundError e) {
      throw new SimFault("MuJoCo could not be loaded, see the first failure in the log", e);
    }
  }

  /**
   * Finds the library without loading it.
   *
   * @param environment the process's environment variables
   * @param home the user's home folder
   * @throws SimFault if there is none, saying where it was looked for and what to do
   */
  public static Path locate(Map<String, String> environment, Path home) {
    String named = environment.get("FOREARM_MUJOCO_LIB");
    if (named != null && !named.isBlank()) {
      Path path = Path.of(named);
      if (!Files.isReadable(path)) {
        throw new SimFault(
            "MuJoCo: FOREARM_MUJOCO_LIB names %s, which is not a readable file; point it at a"
                    .formatted(path)
                + " libmujoco.so of release 4.0, or unset it");
      }
      return path;
    }
    String cache = environment.get("XDG_CACHE_HOME");
    Path folder =
        (cache == null || cache.isBlank() ? home.resolve(".cache") : Path.of(cache))
            .resolve("forearm/mujoco");
    return newest(folder)
        .orElseThrow(() ->
            new SimFault(
                "MuJoCo: no library in %s/4.0.*, wanted release 4.0; run ./forearm doctor to"
                        .formatted(folder)
                    + " fetch it, or set FOREARM_MUJOCO_LIB to a libmujoco.so"));
  }

  private static Optional<Path> newest(Path folder) {
    List<Path> found = new ArrayList<>();
    for (Path release : list(folder, "4.0.*")) {
      found.addAll(list(release, "libmujoco.so*"));
    }
    return found.stream().max(Comparator.comparingInt(MujocoLibrary::patchLevel));
  }

  private static int patchLevel(Path library) {
    String release = String.valueOf(library.getName(library.getNameCount() - 2));
    String patch = release.substring("4.0.".length());
    return patch.chars().allMatch(Character::isDigit) && patch.length() < 9
        ? Integer.parseInt("0" + patch)
        : -1;
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        throw new SimFault("MuJoCo: cannot list %s: %s".formatted(folder, e.getMessage()), e);
      }
    }
    return found;
  }
}

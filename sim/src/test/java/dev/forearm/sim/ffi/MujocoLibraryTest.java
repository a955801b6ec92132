package dev.forearm.sim.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.sim.SimFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MujocoLibraryTest {
  @TempDir Path home;

  @Test
  void aMissingLibraryIsReportedWithTheRemedy() {
    SimFault fault = assertThrows(SimFault.class, () -> MujocoLibrary.locate(Map.of(), home));
    assertEquals(
        "MuJoCo: no library in "
            + home
            + "/.cache/forearm/mujoco/4.0.*, wanted release 4.0; run ./forearm doctor to fetch it,"
            + " or set FOREARM_MUJOCO_LIB to a libmujoco.so",
        fault.getMessage());
  }

  @Test
  void theNewestReleaseInTheCacheIsTaken() throws IOException {
    library(home.resolve(".cache/forearm/mujoco/4.0.2"), "libmujoco.so.4.0.2");
    Path newest = library(home.resolve(".cache/forearm/mujoco/4.0.10"), "libmujoco.so.4.0.10");
    library(home.resolve(".cache/forearm/mujoco/5.1.0"), "libmujoco.so.5.1.0");
    assertEquals(newest, MujocoLibrary.locate(Map.of(), home));
  }

  @Test
  void theCacheFolderFollowsTheEnvironment() throws IOException {
    Path cache = home.resolve("elsewhere");
    Path library = library(cache.resolve("forearm/mujoco/4.0.0"), "libmujoco.so.4.0.0");
    assertEquals(library, MujocoLibrary.locate(Map.of("XDG_CACHE_HOME", cache.toString()), home));
  }

  @Test
  void aLibraryNamedInTheEnvironmentMustExist() throws IOException {
    Path named = library(home, "mine.so");
    assertEquals(named, MujocoLibrary.locate(Map.of("FOREARM_MUJOCO_LIB", named.toString()), home));
    SimFault fault =
        assertThrows(
            SimFault.class,
            () -> MujocoLibrary.locate(Map.of("FOREARM_MUJOCO_LIB", "/no/such.so"), home));
    assertTrue(
        String.valueOf(fault.getMessage())
            .startsWith("MuJoCo: FOREARM_MUJOCO_LIB names /no/such.so"),
        fault.getMessage());
  }

  private static Path library(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    return Files.createFile(folder.resolve(name));
  }
}

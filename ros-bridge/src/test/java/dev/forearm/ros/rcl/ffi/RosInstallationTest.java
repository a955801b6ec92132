package dev.forearm.ros.rcl.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosInstallationTest {
  @TempDir private Path folder;

  private Path prefix(String name, String... libraries) throws IOException {
    Path lib = Files.createDirectories(folder.resolve(name).resolve("lib"));
    for (String library : libraries) {
      Files.createFile(lib.resolve("lib" + library + ".so"));
    }
    return folder.resolve(name);
  }

  @Test
  void nothingIsSourcedWithoutAPrefixThatHasRcl() throws IOException {
    Path bare = prefix("bare", "other");
    Path full = prefix("full", "rcl");
    assertEquals(Optional.empty(), RosInstallation.sourced(Map.of()));
    assertEquals(Optional.empty(), RosInstallation.sourced(Map.of("ROS_DISTRO", "jazzy")));
    assertEquals(
        Optional.empty(), RosInstallation.sourced(Map.of("AMENT_PREFIX_PATH", bare.toString())));
    assertEquals(
        Optional.empty(),
        RosInstallation.sourced(Map.of("LD_LIBRARY_PATH", full.resolve("lib").toString())));
  }

  @Test
  void aWorkspaceThatIsSourcedLaterComesFirst() throws IOException {
    Path workspace = prefix("ws", "my_msgs");
    Path distribution = prefix("jazzy", "rcl", "my_msgs");
    RosInstallation found =
        RosInstallation.sourced(
                Map.of("ROS_DISTRO", "jazzy", "AMENT_PREFIX_PATH", workspace + ":" + distribution))
            .orElseThrow();
    assertEquals("jazzy", found.distribution());
    assertEquals(workspace.resolve("lib/libmy_msgs.so"), found.require("my_msgs"));
    assertEquals(distribution.resolve("lib/librcl.so"), found.require("rcl"));
    assertTrue(found.toString().startsWith("ROS 2 jazzy ("), found.toString());
  }

  @Test
  void aLibraryThatIsNotThereIsNamedWithWhereItWasLookedFor() throws IOException {
    Path distribution = prefix("jazzy", "rcl");
    RosInstallation found =
        RosInstallation.sourced(Map.of("AMENT_PREFIX_PATH", distribution.toString())).orElseThrow();
    RosFault fault = assertThrows(RosFault.class, () -> found.require("rmw"));
    assertTrue(fault.getMessage().contains("librmw.so"), fault.getMessage());
    assertTrue(fault.getMessage().contains(distribution.toString()), fault.getMessage());
  }
}

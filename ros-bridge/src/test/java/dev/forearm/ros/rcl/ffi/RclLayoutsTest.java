package dev.forearm.ros.rcl.ffi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.rcl.Ros2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RclLayoutsTest {
  private static final Path SOURCES =
      Path.of("src", "main", "java", "dev", "forearm", "ros", "rcl", "ffi");

  /** In "rcl_x_t.y" or "RMW_Z", as the sources name layouts. */
  private static final Pattern NAME =
      Pattern.compile(
          "\"((?:rcl|rmw|rosidl|rcutils)_\\w+_t(?:\\.[\\w.]+)?|RM[WL]_[A-Z_]+|RCL_[A-Z_]+)\"");

  static List<String> distributions() {
    return RclLayouts.distributions();
  }

  @Test
  void theDistributionsAreThoseThatTheReadmeNames() {
    assertEquals(List.of("humble", "jazzy", "kilted", "lyrical"), RclLayouts.distributions());
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void everyFieldIsInsideItsStructure(String distribution) {
    RclLayouts layouts = RclLayouts.of(distribution);
    layouts
        .values()
        .forEach((name, at) -> {
          String structure = name.replaceFirst("\\..*", "");
          if (name.contains(".") && layouts.has(structure)) {
            assertTrue(at < layouts.value(structure), name);
          }
        });
    assertTrue(
        layouts.value("rmw_topic_endpoint_info_t.qos_profile") + layouts.value("rmw_qos_profile_t")
            <= layouts.value("rmw_topic_endpoint_info_t"));
    assertTrue(
        layouts.value("rmw_message_info_t.publisher_gid.data")
                + layouts.value("RMW_GID_STORAGE_SIZE")
            <= layouts.value("rmw_message_info_t"));
  }

  /** Some distribution has it, and where one has not, the sources ask before. */
  @Test
  void whatTheSourcesAskForIsInTheTable() throws IOException {
    List<String> asked = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        NAME.matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1))
            .forEach(asked::add);
      }
    }
    assertTrue(asked.size() > 30, asked.toString());
    for (String name : asked) {
      assertTrue(
          RclLayouts.distributions().stream().anyMatch(each -> RclLayouts.of(each).has(name)),
          name);
    }
  }

  @Test
  void anUnknownDistributionIsRefusedWithTheRemedy() {
    for (String unknown : List.of("foxy", "", "distribution", "m-turtle")) {
      RosFault fault = assertThrows(RosFault.class, () -> RclLayouts.of(unknown));
      assertEquals(
          "loading rcl: ROS_DISTRO is '"
              + unknown
              + "', one of [humble, jazzy, kilted, lyrical] wanted, whose structures are known here;"
              + " source one of those, or choose --transport dds",
          fault.getMessage());
    }
  }

  /** The C program, compiled against what is sourced, prints what the table says. */
  @Test
  @Tag("ros")
  void theTableIsWhatTheInstalledHeadersSay(@TempDir Path folder) throws Exception {
    RosInstallation installation = Ros2.require();
    Path program = folder.resolve("rcl_layouts");
    List<String> command = new ArrayList<>(List.of("gcc", "src/main/c/rcl_layouts.c"));
    Path include = installation.require("rcl").resolveSibling("../include").normalize();
    if (!Files.isDirectory(include.resolve("rcl"))) {
      Peers.missing("no headers of rcl in " + include);
    }
    try (Stream<Path> packages = Files.list(include)) {
      packages.forEach(each -> command.addAll(List.of("-idirafter", each.toString())));
    }
    command.addAll(List.of("-o", program.toString()));
    run(command);
    Map<String, Integer> printed = new TreeMap<>();
    for (MatchResult line :
        Pattern.compile("(\\S+) (\\d+)")
            .matcher(run(List.of(program.toString())))
            .results()
            .toList()) {
      printed.put(line.group(1), Integer.valueOf(line.group(2)));
    }
    assertEquals(printed, new TreeMap<>(RclLayouts.of(installation.distribution()).values()));
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}

package dev.forearm.ros.rcl.ffi;

import dev.forearm.ros.RosFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ROS 2 that is sourced in this process's environment.
 *
 * @param distribution {@code ROS_DISTRO}, for example {@code jazzy}; may be empty
 * @param folders where its libraries are, the workspace sourced last first
 */
public record RosInstallation(String distribution, List<Path> folders) {
  private static final List<String> IN_PREFIX =
      List.of("lib", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu");

  public RosInstallation {
    folders = List.copyOf(folders);
  }

  /** What is sourced; empty if nothing that has rcl is. */
  public static Optional<RosInstallation> sourced() {
    return sourced(System.getenv());
  }

  static Optional<RosInstallation> sourced(Map<String, String> environment) {
    Stream<Path> inPrefixes =
        paths(environment, "AMENT_PREFIX_PATH")
            .flatMap(prefix -> IN_PREFIX.stream().map(prefix::resolve));
    Stream<Path> inLibraryPath = paths(environment, "LD_LIBRARY_PATH");
    RosInstallation found =
        new RosInstallation(
            environment.getOrDefault("ROS_DISTRO", ""),
            Stream.concat(inPrefixes, inLibraryPath).distinct().toList());
    boolean sourced = paths(environment, "AMENT_PREFIX_PATH").findAny().isPresent();
    return sourced && found.library("rcl").isPresent() ? Optional.of(found) : Optional.empty();
  }

  private static Stream<Path> paths(Map<String, String> environment, String variable) {
    return Stream.of(environment.getOrDefault(variable, "").split(":"))
        .filter(part -> !part.isEmpty())
        .map(Path::of);
  }

  /** The file of {@code lib<name>.so}, if this installation has it. */
  Optional<Path> library(String name) {
    return folders.stream()
        .map(folder -> folder.resolve("lib" + name + ".so"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * The file of {@code lib<name>.so}.
   *
   * @throws RosFault if this installation does not have it
   */
  Path require(String name) {
    return library(name)
        .orElseThrow(() ->
            new RosFault(
                "loading rcl: no lib%s.so in %s; install the package that brings it, or choose --transport dds"
                    .formatted(name, folders)));
  }

  /** For people: the distribution and where its rcl is. */
  @Override
  public String toString() {
    return "ROS 2 %s (%s)"
        .formatted(
            distribution.isEmpty() ? "of unknown distribution" : distribution, require("rcl"));
  }
}

package dev.forearm.launch;

import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.gap.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what commands name: robots and bundles, by name or by path, and the program itself. */
public final class House {
  private static final String ROBOTS = "/robots/";

  private House() {}

  /** The clone the program was built from: where the launcher script says, else here. */
  public static Path home() {
    return Path.of(System.getProperty("forearm.home", "."));
  }

  /**
   * How a command is run in a process of its own, of the same Java and the same classes.
   *
   * @param arguments the command and its options
   */
  public static List<String> commandLine(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-X") || flag.startsWith("-D") || flag.contains("native-access")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /**
   * Reads the robot that was asked for or, if none was, the one that an episode names.
   *
   * @param info the episode's
   * @throws LaunchFailure if there is no such robot
   */
  public static Robot robot(@Nullable String asked, Map<String, String> info) {
    return robot(asked == null ? info.getOrDefault("robot", "") : asked);
  }

  /**
   * Reads a robot.
   *
   * @param name of a robot that comes with Forearm ({@code tabletop}), or a YAML file
   * @throws LaunchFailure if there is no such robot
   */
  public static Robot robot(String name) {
    Path file = Path.of(name);
    if (Files.exists(file)) {
      return RobotFile.read(file);
    }
    String resource = ROBOTS + name + ".yaml";
    try (InputStream in = House.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new LaunchFailure(
            "robot '%s': no such file and no robot of that name; name a YAML file or one of %s"
                .formatted(name, robots()));
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return RobotFile.parse(text, name + ".yaml");
    } catch (IOException e) {
      throw new LaunchFailure("robot '%s': cannot be read (%s)".formatted(name, e), e);
    }
  }

  /** Names of the robots that come with Forearm. */
  public static List<String> robots() {
    return List.of("tabletop", "fr3", "ur5e", "so101");
  }

  /**
   * Where a bundle lies.
   *
   * @param name of a bundle that comes with Forearm ({@code lift-sft}), a folder or .zip, or a
   *     shelf, whose active version it then is
   * @throws LaunchFailure if there is no such bundle
   */
  public static Path bundle(String name) {
    Path given = Path.of(name);
    if (Files.exists(given)) {
      return PolicyShelf.isShelf(given) ? PolicyShelf.open(given).activeBundle() : given;
    }
    Path bundles = home().resolve("models/bundles");
    Path ours = bundles.resolve(name);
    if (Files.exists(ours)) {
      return ours;
    }
    throw new LaunchFailure(
        "bundle '%s': no such folder or file, and Forearm comes with %s; name one of those or a path"
            .formatted(name, namesIn(bundles)));
  }

  /**
   * Reads how a simulated robot differs.
   *
   * @param name of a gap that comes with the simulator ({@code default}), or a YAML file
   */
  public static Gap gap(String name) {
    return Gap.named(name).orElseGet(() -> Gap.read(Path.of(name)));
  }

  private static List<String> namesIn(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory)
          .map(path -> String.valueOf(path.getFileName()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}

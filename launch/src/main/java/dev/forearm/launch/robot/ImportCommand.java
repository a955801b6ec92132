package dev.forearm.launch.robot;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.urdf.RobotImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm robot import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Make a robot file out of a URDF, its xacro expanded; meshes are not needed.",
      "What the description does not say is marked 'check' in the file."
    })
final class ImportCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "URDF", description = "The robot's description.")
  private Path urdf;

  @Option(names = "--srdf", paramLabel = "FILE", description = "MoveIt's, with the joint groups.")
  private @Nullable Path srdf;

  @Option(
      names = "--limits",
      paramLabel = "FILE",
      description = "MoveIt's joint_limits.yaml; the stricter limits count.")
  private @Nullable Path limits;

  @Option(
      names = "--base",
      paramLabel = "LINK",
      description = "Link in whose frame poses are (default: of the SRDF's chain, else the root).")
  private @Nullable String base;

  @Option(
      names = "--tool",
      paramLabel = "LINK",
      description = "Link to work with (default: tip of the SRDF's chain, else the only tip).")
  private @Nullable String tool;

  @Option(
      names = "--control-hz",
      defaultValue = "100",
      description = "Control rate, 100 to 2000 (default: ${DEFAULT-VALUE}).")
  private int controlHz;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The robot file to write.")
  private Path out;

  @Override
  public Integer call() {
    String text =
        RobotImport.text(
            urdf,
            Optional.ofNullable(srdf),
            Optional.ofNullable(limits),
            Optional.ofNullable(base),
            Optional.ofNullable(tool),
            controlHz);
    try {
      Path folder = out.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(out, text);
    } catch (IOException e) {
      throw new LaunchFailure("writing %s: %s".formatted(out, e), e);
    }
    Robot robot = RobotFile.read(out);
    long checks = text.lines().filter(line -> line.contains("# check:")).count();
    System.out.printf(
        "%s: %s joints, %s to %s; look at the %s lines marked 'check'%n",
        out, robot.jointCount(), robot.baseFrame(), robot.toolFrame(), checks);
    output.write(Map.of("robot_file", out.toAbsolutePath().toString(), "to_check", checks));
    return 0;
  }
}

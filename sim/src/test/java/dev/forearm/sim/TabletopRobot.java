package dev.forearm.sim;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;

/** The robot file that the program ships for this scene. */
public final class TabletopRobot {
  public static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));

  private TabletopRobot() {}
}

package dev.forearm.ros.robot;

import dev.forearm.ros.Publication;
import dev.forearm.ros.RosFault;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.function.Function;

/**
 * Publishes commands, each joint group's on its topic if it has one, on the caller's thread; one
 * thread's own.
 */
final class CommandOutput {
  private final CommandEncoder[] encoders;
  private final Publication[] publications; // one for each encoder

  /**
   * @param advertise offers an encoder's topic
   */
  CommandOutput(Robot robot, Function<CommandEncoder, Publication> advertise) {
    List<CommandEncoder> groups =
        CommandEncoder.of(robot).stream().filter(CommandEncoder::published).toList();
    encoders = groups.toArray(CommandEncoder[]::new);
    publications = groups.stream().map(advertise).toArray(Publication[]::new);
  }

  /**
   * Publishes what is due of a command.
   *
   * @param positions in command order, rad or m
   * @param stampNanos on the runtime's clock
   * @throws RosFault if the transport refused a group's command; the others were sent
   */
  void publish(double[] positions, long stampNanos) {
    RosFault refused = null;
    for (int group = 0; group < encoders.length; group++) {
      if (encoders[group].takes(stampNanos)) {
        try {
          publications[group].publish(encoders[group].encode(positions));
        } catch (RosFault fault) {
          refused = fault;
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
  }
}

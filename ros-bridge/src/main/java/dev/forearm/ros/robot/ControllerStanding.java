package dev.forearm.ros.robot;

import dev.forearm.ros.msg.controller_manager_msgs.ControllerState;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How the controllers stand that a robot's joint groups want, by what its controller_manager lists.
 *
 * @param active wanted, and at work
 * @param inactive wanted and configured, and not at work
 * @param absent wanted, and not loaded or not configured
 * @param inTheWay active, unwanted, and in command of joints that an inactive one needs
 */
public record ControllerStanding(
    List<String> active, List<String> inactive, List<String> absent, List<String> inTheWay) {
  private static final String ACTIVE = "active";
  private static final String INACTIVE = "inactive";

  public static ControllerStanding of(Robot robot, List<ControllerState> listed) {
    List<String> wanted =
        robot.groups().stream().map(JointGroup::controller).flatMap(Optional::stream).toList();
    List<String> active = names(listed, each -> each.state().equals(ACTIVE));
    List<String> inactive = names(listed, each -> each.state().equals(INACTIVE));
    Set<String> needed = new HashSet<>();
    for (ControllerState each : listed) {
      if (wanted.contains(each.name()) && inactive.contains(each.name())) {
        each.requiredCommandInterfaces().forEach(it -> needed.add(jointOf(it)));
      }
    }
    List<String> inTheWay =
        names(
            listed,
            each ->
                active.contains(each.name())
                    && !wanted.contains(each.name())
                    && each.claimedInterfaces().stream()
                        .anyMatch(it -> needed.contains(jointOf(it))));
    return new ControllerStanding(
        wanted.stream().filter(active::contains).toList(),
        wanted.stream().filter(inactive::contains).toList(),
        wanted.stream().filter(it -> !active.contains(it) && !inactive.contains(it)).toList(),
        inTheWay);
  }

  private static List<String> names(
      List<ControllerState> listed, Predicate<ControllerState> which) {
    List<String> names = new ArrayList<>();
    listed.stream().filter(which).forEach(each -> names.add(each.name()));
    return names;
  }

  /** Interfaces are called JOINT/KIND; a joint obeys one controller, whatever the kind. */
  private static String jointOf(String commandInterface) {
    return commandInterface.substring(0, Math.max(0, commandInterface.lastIndexOf('/')));
  }
}

package dev.forearm.launch.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.UnitMap;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The robot files that ship against what the robots' makers publish. */
final class VendorRobotsTest {
  @ParameterizedTest
  @EnumSource
  void jointsHaveTheirMakersLimits(Vendor vendor) {
    Robot ours = House.robot(vendor.ours());
    Robot theirs = vendor.imported();
    for (Joint joint : ours.joints()) {
      Joint maker = theirs.joints().get(theirs.jointIndex(joint.name()));
      assertEquals(maker.unit(), joint.unit(), joint.name());
      assertEquals(maker.positionMin(), joint.positionMin(), joint.name());
      assertEquals(maker.positionMax(), joint.positionMax(), joint.name());
      assertEquals(maker.velocityMax(), joint.velocityMax(), joint.name());
    }
    Hardware hardware = ours.hardware();
    for (int i = 0; i < ours.jointCount(); i++) {
      int place = theirs.jointIndex(ours.jointNames().get(i));
      assertEquals(theirs.hardware().massKg().get(place), hardware.massKg().get(i), 1e-3);
    }
    assertEquals(ours.groups().stream().mapToInt(g -> g.joints().size()).sum(), ours.jointCount());
  }

  @ParameterizedTest
  @EnumSource(names = {"FR3", "UR5E"})
  void effortsAreThoseOfTheDescription(Vendor vendor) {
    List<Double> theirs = vendor.imported().hardware().effortMax();
    List<Double> ours = House.robot(vendor.ours()).hardware().effortMax();
    assertEquals(theirs.subList(0, ours.size()), ours);
  }

  @Test
  void anFr3IsDrivenByEffortAndNeverByPosition() throws IOException {
    Robot robot = House.robot("fr3");
    Map<?, ?> controllers = yaml(Vendor.FR3, "/**");
    JointGroup arm = robot.groups().getFirst();
    assertEquals("/fr3_arm_controller/joint_trajectory", arm.command().topic());
    assertEquals("/franka/joint_states", arm.states(), "/joint_states is too slow");
    assertEquals(
        Optional.of(new Hardware.PeriodicTopic("/joint_states", 33_333_333)),
        robot.hardware().slowStates());
    Map<?, ?> controller = at(controllers, "fr3_arm_controller", "ros__parameters");
    assertEquals(List.of("effort"), controller.get("command_interfaces"));
    assertEquals(controller.get("joints"), arm.joints());
    assertEquals(10, robot.joints().getFirst().accelerationMax());
    assertEquals(Optional.of(5000.0), robot.joints().getFirst().jerkMax());
    assertTrue(robot.joints().stream().limit(7).allMatch(joint -> joint.taper().isPresent()));
    assertEquals(Optional.of("fr3_arm_controller"), arm.controller());
    assertEquals("/franka_gripper/gripper_action", robot.groups().getLast().command().topic());
  }

  @Test
  void aUr5eIsDrivenByTheControllerThatItsDriverStarts() throws IOException {
    Robot robot = House.robot("ur5e");
    Map<?, ?> controllers = yaml(Vendor.UR5E);
    JointGroup arm = robot.groups().getFirst();
    assertEquals(2_000_000, robot.controlPeriodNanos());
    assertEquals("/scaled_joint_trajectory_controller/joint_trajectory", arm.command().topic());
    for (String controller :
        List.of("joint_trajectory_controller", "forward_position_controller")) {
      List<?> joints = (List<?>) get(at(controllers, controller, "ros__parameters"), "joints");
      assertEquals(
          joints.stream().map(joint -> joint.toString().replace("$(var tf_prefix)", "")).toList(),
          arm.joints());
    }
    Map<?, ?> broadcaster = at(controllers, "speed_scaling_state_broadcaster", "ros__parameters");
    assertEquals(
        1e9 / (double) get(broadcaster, "state_publish_rate"),
        (double) robot.hardware().speedScaling().orElseThrow().periodNanos());
    assertTrue(controllers.containsKey("io_and_status_controller"));
    assertEquals(
        "/io_and_status_controller/robot_program_running",
        robot.hardware().programRunning().orElseThrow());
  }

  @Test
  void anSo101IsDrivenInItsNamespaceAndKnowsLerobotsUnits() throws IOException {
    Robot robot = House.robot("so101");
    Map<?, ?> follower = yaml(Vendor.SO101, "follower");
    JointGroup all = robot.groups().getFirst();
    assertEquals("/follower/joint_states", all.states());
    assertEquals("/follower/forward_controller/commands", all.command().topic());
    assertEquals(at(follower, "forward_controller", "ros__parameters").get("joints"), all.joints());
    Object rate = get(at(follower, "controller_manager", "ros__parameters"), "update_rate");
    assertEquals(1_000_000_000L / (int) rate, robot.controlPeriodNanos());
    Joint lift = robot.joints().get(1);
    assertEquals(UnitMap.DEGREES, lift.unitMap().orElseThrow());
    UnitMap gripper = robot.joints().getLast().unitMap().orElseThrow();
    assertEquals(robot.joints().getLast().positionMin(), gripper.toPosition(0), 1e-12);
    assertEquals(robot.joints().getLast().positionMax(), gripper.toPosition(100), 1e-12);
    assertEquals(50, gripper.toValue(robot.joints().getLast().positionMiddle()), 1e-9);
    robot.hardware().backlash().forEach(play -> assertEquals(0.5, Math.toDegrees(play), 1e-5));
  }

  private static Map<?, ?> yaml(Vendor vendor, String... path) throws IOException {
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).build();
    String text = Files.readString(vendor.file("_controllers.yaml"));
    return at((Map<?, ?>) new Load(settings).loadFromString(text), path);
  }

  private static Map<?, ?> at(Map<?, ?> tree, String... path) {
    Map<?, ?> at = tree;
    for (String key : path) {
      at = (Map<?, ?>) get(at, key);
    }
    return at;
  }

  private static Object get(Map<?, ?> map, String key) {
    return Objects.requireNonNull(map.get(key), () -> key + " is not in " + map.keySet());
  }
}

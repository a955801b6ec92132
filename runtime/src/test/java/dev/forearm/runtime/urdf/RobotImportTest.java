package dev.forearm.runtime.urdf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Branch;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RobotImportTest {
  /** A lift with an elbow, a parallel bar that follows the elbow, and two fingers. */
  private static final String CRANE =
      """
      <robot name="crane">
        <link name="base"/><link name="carriage"/><link name="arm"/><link name="bar"/>
        <link name="hand"/><link name="tcp"/><link name="left"/><link name="right"/>
        <joint name="lift" type="prismatic">
          <parent link="base"/><child link="carriage"/><origin xyz="0 0 0.2"/>
          <axis xyz="0 0 2"/><limit lower="0" upper="0.5" velocity="0.3" effort="200"/>
        </joint>
        <joint name="elbow" type="revolute">
          <parent link="carriage"/><child link="arm"/><origin xyz="0.1 0 0" rpy="0 0 0.5"/>
          <axis xyz="0 1 0"/><limit lower="-1" upper="2" velocity="2" effort="50"/>
        </joint>
        <joint name="parallel" type="revolute">
          <parent link="arm"/><child link="bar"/><origin xyz="0.4 0 0"/>
          <axis xyz="0 1 0"/><limit lower="-2" upper="0.5" velocity="1" effort="50"/>
          <mimic joint="elbow" multiplier="-1" offset="0.25"/>
        </joint>
        <joint name="wrist" type="continuous">
          <parent link="bar"/><child link="hand"/><limit velocity="3" effort="5"/>
        </joint>
        <joint name="grasp" type="fixed">
          <parent link="hand"/><child link="tcp"/><origin xyz="0.1 0 0"/>
        </joint>
        <joint name="finger" type="prismatic">
          <parent link="hand"/><child link="left"/><origin xyz="0.05 0 0"/>
          <axis xyz="0 1 0"/><limit lower="0" upper="0.04" velocity="0.1" effort="20"/>
        </joint>
        <joint name="other" type="prismatic">
          <parent link="hand"/><child link="right"/><origin xyz="0.05 0 0"/>
          <axis xyz="0 -1 0"/><limit lower="0" upper="0.04" velocity="0.1" effort="20"/>
          <mimic joint="finger"/>
        </joint>
      </robot>
      """;

  private static final String LIMITS =
      """
      default_velocity_scaling_factor: 0.1
      joint_limits:
        lift: {has_velocity_limits: true, max_velocity: 0.2, has_acceleration_limits: true, max_acceleration: 1.5}
        elbow: {has_acceleration_limits: false, max_acceleration: 99, max_jerk: 500}
        wrist: {min_position: !degrees -90, max_position: !degrees 90, max_acceleration: 4.0}
      """;

  @TempDir private Path folder;

  @Test
  void aCraneComesWithItsJointsGroupsChainAndBranches() {
    Robot robot = read(CRANE, Optional.empty());
    assertEquals(List.of("lift", "elbow", "wrist", "finger"), robot.jointNames());
    assertEquals(JointUnit.METRE, robot.joints().getFirst().unit());
    assertEquals(JointUnit.RADIAN, robot.joints().get(1).unit());
    assertEquals(List.of("lift", "elbow", "wrist"), robot.groups().getFirst().joints());
    assertEquals(List.of("finger"), robot.groups().getLast().joints());
    assertEquals("tcp", robot.toolFrame());
    assertEquals(List.of("left", "right"), robot.branches().stream().map(Branch::frame).toList());
    assertEquals(List.of(200.0, 50.0, 5.0, 20.0), robot.hardware().effortMax());
  }

  @Test
  void limitsAreTheStrictestOfAllThatAreKnown() throws IOException {
    Path limits = Files.writeString(folder.resolve("joint_limits.yaml"), LIMITS);
    Robot robot = read(CRANE, Optional.of(limits));
    Joint lift = robot.joints().getFirst();
    assertEquals(0.2, lift.velocityMax());
    assertEquals(1.5, lift.accelerationMax());
    Joint elbow = robot.joints().get(1);
    assertEquals(-0.25, elbow.positionMin(), 1e-12, "the bar may turn by 0.5 at most");
    assertEquals(2, elbow.positionMax());
    assertEquals(1, elbow.velocityMax(), "no faster than the bar that follows it");
    assertEquals(2, elbow.accelerationMax(), "its own does not apply: half a second to full speed");
    assertEquals(Optional.of(500.0), elbow.jerkMax());
    Joint wrist = robot.joints().get(2);
    assertEquals(-Math.PI / 2, wrist.positionMin(), 1e-12);
    assertEquals(Math.PI / 2, wrist.positionMax(), 1e-12);
    assertEquals(2 * Math.PI, read(CRANE, Optional.empty()).joints().get(2).positionMax());
  }

  @Test
  void aLinkThatMimicsMovesWithItsJoint() {
    Robot robot = read(CRANE, Optional.empty());
    double[] pose = new double[7];
    double[] q = {0.3, 0.7, 0, 0.01};
    new SerialChain(robot).toolPose(q, pose);
    double reach = 0.4 * Math.cos(0.7) + 0.1 * Math.cos(0.25); // the bar is at 0.7 - 0.7 + 0.25
    double drop = 0.4 * Math.sin(0.7) + 0.1 * Math.sin(0.25);
    assertEquals(0.1 + reach * Math.cos(0.5), pose[0], 1e-12);
    assertEquals(reach * Math.sin(0.5), pose[1], 1e-12);
    assertEquals(0.5 - drop, pose[2], 1e-12);
    new SerialChain(robot, robot.chainTo(robot.branches().getLast())).toolPose(q, pose);
    double besides = 0.4 * Math.cos(0.7) + 0.05 * Math.cos(0.25);
    assertEquals(0.1 + besides * Math.cos(0.5) + 0.01 * Math.sin(0.5), pose[0], 1e-12);
  }

  @Test
  void theJacobianOfACoupledChainIsTheDerivativeOfItsPosition() {
    Robot robot = read(CRANE, Optional.empty());
    SerialChain chain = new SerialChain(robot);
    double[] q = {0.3, 0.7, 0.4, 0.01};
    double[] jacobian = new double[6 * 4];
    chain.jacobian(q, jacobian);
    for (int joint = 0; joint < 4; joint++) {
      double[] ahead = q.clone();
      double[] behind = q.clone();
      ahead[joint] += 1e-6;
      behind[joint] -= 1e-6;
      double[] p = new double[3];
      double[] n = new double[3];
      chain.toolPosition(ahead, p);
      chain.toolPosition(behind, n);
      for (int row = 0; row < 3; row++) {
        assertEquals((p[row] - n[row]) / 2e-6, jacobian[row * 4 + joint], 1e-8);
      }
    }
  }

  @Test
  void anSrdfNamesGroupsChainAndHome() throws IOException {
    Path srdf =
        Files.writeString(
            folder.resolve("crane.srdf"),
            """
            <robot name="crane">
              <group name="crane_arm"><chain base_link="carriage" tip_link="tcp"/></group>
              <group name="hand"><joint name="finger"/><joint name="other"/></group>
              <group name="all"><group name="crane_arm"/><group name="hand"/></group>
              <group_state group="crane_arm" name="rest"><joint name="elbow" value="0.5"/></group_state>
              <group_state group="crane_arm" name="up"><joint name="elbow" value="9"/></group_state>
            </robot>
            """);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> text(CRANE, Optional.of(srdf), Optional.empty()));
    assertTrue(
        message(fault).contains("joint 'lift' does not hang from 'carriage'"), message(fault));
    Robot robot =
        RobotFile.parse(
            RobotImport.text(
                file(CRANE),
                Optional.of(srdf),
                Optional.empty(),
                Optional.of("base"),
                Optional.empty(),
                100),
            "crane.yaml");
    assertEquals("tcp", robot.toolFrame());
    assertEquals(List.of("elbow", "wrist"), robot.groups().getFirst().joints());
    assertEquals("hand", robot.groups().get(1).name());
    assertEquals(List.of("lift"), robot.groups().get(2).joints());
    assertArrayEquals(
        new double[] {0.25, 0.5, 0, 0.02},
        robot.hardware().home().stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Test
  void severalTipsAskForOne() {
    RuntimeFault fault =
        assertThrows(
            RuntimeFault.class,
            () ->
                RobotImport.text(
                    file(CRANE),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    100));
    assertTrue(
        message(fault).contains("its chains end at [tcp, left, right]; choose"), message(fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type=\"continuous\" | type=\"floating\" | joint 'wrist' is floating",
        "type=\"continuous\" | type=\"planar\" | joint 'wrist' is planar",
        "type=\"continuous\" | type=\"ball\" | joint 'wrist' is ball",
        "<child link=\"left\"/> | <child link=\"tcp\"/> | closed loop: link 'tcp' is the child of"
            + " joints 'grasp' and 'finger'",
        "<link name=\"left\"/> | <link name=\"left\"/><loop_joint name=\"knee\"/> | closed loop 'knee'",
        "<link name=\"left\"/> | <link name=\"left\"/><link name=\"lost\"/> | links [base, lost] hang"
            + " from none",
        "joint=\"elbow\" multiplier | joint=\"knee\" multiplier | joint 'parallel' mimics 'knee', which is"
            + " no joint",
        "joint=\"elbow\" multiplier | joint=\"grasp\" multiplier | mimics 'grasp', which is fixed",
        "joint=\"elbow\" multiplier | joint=\"parallel\" multiplier | joints [parallel] mimic each other",
        "xyz=\"0 0 0.2\" | xyz=\"0 0 ${height}\" | xacro is not expanded, <origin>",
        "<link name=\"left\"/> | <link name=\"left\"/><xacro:arm xmlns:xacro=\"x\"/> | xacro is not"
            + " expanded, <xacro:arm>",
        "xyz=\"0 0 0.2\" | xyz=\"0 0\" | 'lift': xyz is '0 0', wanted 3 numbers",
        "xyz=\"0 0 0.2\" | xyz=\"0 0 NaN\" | 'lift': xyz is 'NaN', wanted a number",
        "<axis xyz=\"0 0 2\"/> | <axis xyz=\"0 0 0\"/> | joint 'lift': its axis is 0",
        "upper=\"2\" velocity | upper=\"-3\" velocity | joint 'elbow' may be at",
        "<limit velocity=\"3\" effort=\"5\"/> | `` | joint 'wrist' has no limit of velocity",
        "<limit lower=\"0\" upper=\"0.5\" velocity=\"0.3\" effort=\"200\"/> | `` | joint 'lift' has no"
            + " <limit>",
        "<child link=\"left\"/> | <child link=\"thumb\"/> | joint 'finger': its child 'thumb' is no link",
        "name=\"other\" | name=\"finger\" | joint 'finger' is there twice",
        "name=\"wrist\" | name=\"a'{b\" | wanted a name of letters",
        "<robot name=\"crane\"> | <sdf> | not XML",
      })
  void whatARobotFileCannotSayIsRefusedByName(String found, String changed, String said) {
    assertTrue(CRANE.contains(found), found);
    RuntimeFault fault =
        assertThrows(
            RuntimeFault.class,
            () -> text(CRANE.replace(found, changed), Optional.empty(), Optional.empty()));
    assertTrue(message(fault).contains(said), message(fault));
    assertTrue(message(fault).contains("crane.urdf"), message(fault));
  }

  @Test
  void aLimitOfAJointThatIsNotThereIsRefused() throws IOException {
    Path limits =
        Files.writeString(
            folder.resolve("joint_limits.yaml"), "joint_limits: {knee: {max_velocity: 1}}");
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> text(CRANE, Optional.empty(), Optional.of(limits)));
    assertTrue(message(fault).contains("knee: the URDF has no such joint"), message(fault));
  }

  @Test
  void aDocumentTypeIsRefusedBeforeAnythingIsFetched() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "the secret");
    for (String type :
        List.of(
            "<!DOCTYPE robot [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>",
            "<!DOCTYPE robot SYSTEM \"http://127.0.0.1:9/robot.dtd\">",
            "<!DOCTYPE robot [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>")) {
      RuntimeFault fault =
          assertThrows(
              RuntimeFault.class, () -> text(type + CRANE, Optional.empty(), Optional.empty()));
      assertTrue(message(fault).contains("DOCTYPE"), message(fault));
      assertFalse(message(fault).contains("the secret"), message(fault));
    }
  }

  @Test
  void moreThanARobotNeedsIsRefused() throws IOException {
    String deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
    RuntimeFault depth =
        assertThrows(
            RuntimeFault.class,
            () ->
                text(
                    CRANE.replace("<link name=\"left\"/>", "<link name=\"left\"/>" + deep),
                    Optional.empty(),
                    Optional.empty()));
    assertTrue(message(depth).contains("not XML that is read here"), message(depth));
    Path large = folder.resolve("large.urdf");
    Files.writeString(large, CRANE + " ".repeat(17 << 20));
    RuntimeFault size =
        assertThrows(
            RuntimeFault.class,
            () ->
                RobotImport.text(
                    large,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("tcp"),
                    100));
    assertTrue(message(size).contains("more than 16777216 bytes"), message(size));
  }

  private Robot read(String urdf, Optional<Path> limits) {
    return RobotFile.parse(text(urdf, Optional.empty(), limits), "crane.yaml");
  }

  private String text(String urdf, Optional<Path> srdf, Optional<Path> limits) {
    Optional<String> tool = srdf.isPresent() ? Optional.empty() : Optional.of("tcp");
    return RobotImport.text(file(urdf), srdf, limits, Optional.empty(), tool, 100);
  }

  private Path file(String urdf) {
    try {
      return Files.writeString(folder.resolve("crane.urdf"), urdf);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String message(RuntimeFault fault) {
    return String.valueOf(fault.getMessage());
  }
}

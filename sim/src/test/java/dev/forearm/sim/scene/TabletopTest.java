package dev.forearm.sim.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.gap.MountShift;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TabletopTest {
  private static final int JOINTS = Tabletop.JOINTS.size();

  @Test
  void theRobotFileAndTheSceneHaveTheSameJointsAndKinematics() {
    assertEquals(Tabletop.JOINTS, TabletopRobot.ROBOT.jointNames());
    assertEquals(Tabletop.OBJECTS, TabletopRobot.ROBOT.objects());
    SerialChain chain = new SerialChain(TabletopRobot.ROBOT);
    SplittableRandom random = new SplittableRandom(1);
    double[] q = new double[JOINTS];
    double[] expected = new double[7];
    double[] turn = new double[4];
    try (Tabletop scene = new Tabletop(Gap.none())) {
      for (int i = 0; i < 200; i++) {
        for (int j = 0; j < JOINTS; j++) {
          var joint = TabletopRobot.ROBOT.joints().get(j);
          q[j] = random.nextDouble(joint.positionMin(), joint.positionMax());
          scene.data().position(scene.model().positionOf(joint.name()), q[j]);
        }
        scene.data().forwardPoses();
        double[] actual = new double[12];
        scene.data().sitePose(scene.model().site("tool"), actual, 0);
        chain.toolPose(q, expected);
        Rotations.toQuaternion(Arrays.copyOfRange(actual, 3, 12), turn, 0);
        assertArrayEquals(Arrays.copyOf(expected, 3), Arrays.copyOf(actual, 3), 1e-6);
        double same = 0;
        for (int k = 0; k < 4; k++) {
          same += turn[k] * expected[3 + k];
        }
        assertEquals(1, Math.abs(same), 1e-9);
      }
    }
  }

  @Test
  void startsDependOnTheSeedAndStayInTheirRegion() {
    Gap gap = Gap.none().startingFrom(Gap.none().start().covering(0.5));
    double[] first = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
    double[] again = first.clone();
    try (Tabletop scene = new Tabletop(gap)) {
      for (long seed = 0; seed < 200; seed++) {
        scene.reset(seed);
        scene.truePoses(first);
        for (int cube = 0; cube < 3; cube++) {
          assertTrue(scene.object(cube, 0) >= 0.36 && scene.object(cube, 0) <= 0.46);
          assertTrue(Math.abs(scene.object(cube, 1)) <= 0.15);
          for (int other = 0; other < cube; other++) {
            double apart =
                Math.hypot(
                    scene.object(cube, 0) - scene.object(other, 0),
                    scene.object(cube, 1) - scene.object(other, 1));
            assertTrue(apart >= 0.1, "cubes " + apart + " m apart");
          }
        }
        scene.reset(seed + 1);
        scene.truePoses(again);
        assertTrue(!Arrays.equals(first, again));
        scene.reset(seed);
        scene.truePoses(again);
        assertArrayEquals(first, again);
      }
    }
  }

  @Test
  void theSameSeedAndCommandsGiveTheSameMotionBitForBit() {
    try (Tabletop one = new Tabletop(Gap.standard());
        Tabletop two = new Tabletop(Gap.standard())) {
      two.reset(99); // another episode before must not matter
      for (int i = 0; i < 500; i++) {
        two.step();
      }
      assertArrayEquals(wave(one, 7), wave(two, 7));
    }
  }

  @Test
  void anUndisturbedSceneStaysAsItIs() {
    try (Tabletop scene = new Tabletop(Gap.none())) {
      scene.reset(3);
      double[] before = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
      double[] after = before.clone();
      double[] q = new double[JOINTS];
      for (int j = 0; j < JOINTS; j++) {
        q[j] = scene.jointPosition(j);
      }
      scene.truePoses(before);
      for (int i = 0; i < 3000; i++) {
        scene.step();
      }
      scene.truePoses(after);
      assertArrayEquals(before, after, 1e-3);
      for (int j = 0; j < JOINTS; j++) {
        assertEquals(q[j], scene.jointPosition(j), 1e-3);
      }
    }
  }

  @Test
  void steppingAndLookingAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Gap gap = Gap.standard();
    try (Tabletop scene = new Tabletop(gap)) {
      ArmDrive drive = new ArmDrive(scene, gap, new Disturbance(0.01, 0.3), Tabletop.JOINTS);
      double[] poses = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
      double[] command = new double[JOINTS];
      for (int j = 0; j < JOINTS; j++) {
        command[j] = scene.jointPosition(j);
      }
      long now = 0;
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
          drive.command(command, now);
          drive.update(now);
          scene.step();
          scene.seenPoses(poses);
          now += Tabletop.STEP_NANOS;
        }
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, allocated);
    }
  }

  @Test
  void aShiftedHandIsNotWhereTheRuntimeBelievesIt() {
    Gap gap = withTool(new MountShift(0.01, 0, 0, 0, 0, 0.2));
    SerialChain chain = new SerialChain(TabletopRobot.ROBOT);
    double[] believed = new double[7];
    double[] q = new double[JOINTS];
    try (Tabletop scene = new Tabletop(gap)) {
      for (int j = 0; j < JOINTS; j++) {
        q[j] = scene.jointPosition(j);
      }
      chain.toolPose(q, believed);
      double[] actual = scene.toolPose();
      assertEquals(
          0.01,
          Math.hypot(
              Math.hypot(actual[0] - believed[0], actual[1] - believed[1]),
              actual[2] - believed[2]),
          1e-6);
    }
  }

  @Test
  void aShiftedCameraSeesObjectsBesideWhereTheyAre() {
    Gap none = Gap.none();
    Gap gap =
        new Gap(
            none.gain(),
            none.bias(),
            none.tool(),
            1,
            1,
            1,
            0,
            new MountShift(0.02, 0, 0, 0, 0, 0),
            none.start());
    double[] seen = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
    double[] there = seen.clone();
    try (Tabletop scene = new Tabletop(gap)) {
      scene.seenPoses(seen);
      scene.truePoses(there);
      // camera moved 2 cm along its own x axis: everything seems moved 2 cm the other way
      double moved = 0;
      for (int axis = 0; axis < 3; axis++) {
        moved += Math.pow(seen[axis] - there[axis], 2);
      }
      assertEquals(0.02, Math.sqrt(moved), 1e-9);
      assertArrayEquals(Arrays.copyOfRange(there, 3, 7), Arrays.copyOfRange(seen, 3, 7), 1e-12);
    }
  }

  private static Gap withTool(MountShift tool) {
    Gap none = Gap.none();
    return new Gap(none.gain(), none.bias(), tool, 1, 1, 1, 0, none.sceneCamera(), none.start());
  }

  private static double[] wave(Tabletop scene, long seed) {
    scene.reset(seed);
    double[] q = new double[JOINTS];
    for (int j = 0; j < JOINTS; j++) {
      q[j] = scene.jointPosition(j);
    }
    for (int i = 0; i < 2000; i++) {
      for (int j = 0; j < JOINTS; j++) {
        scene.servo(j, q[j] + 0.3 * Math.sin(0.003 * i + j));
      }
      scene.step();
    }
    double[] end = new double[Tabletop.OBJECTS.size() * Tabletop.POSE + JOINTS];
    scene.truePoses(end);
    for (int j = 0; j < JOINTS; j++) {
      end[end.length - JOINTS + j] = scene.jointPosition(j);
    }
    return end;
  }
}

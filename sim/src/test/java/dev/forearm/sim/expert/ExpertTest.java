package dev.forearm.sim.expert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExpertTest {
  @Test
  void liftsTheCubeFromEveryStart() {
    try (Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      for (long seed = 1000; seed < 1010; seed++) {
        assertTrue(rig.run(Task.LIFT, seed), "seed " + seed);
        assertTrue(
            rig.robot.monitor().seconds() < 6,
            "seed " + seed + " " + rig.robot.monitor().seconds());
      }
    }
  }

  @Test
  void tidiesUpAndPressesTheButton() {
    try (Expert expert = new Expert(Task.TIDY, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      for (long seed = 1000; seed < 1003; seed++) {
        assertTrue(rig.run(Task.TIDY, seed), "seed " + seed);
        List<String> all = new ArrayList<>(Task.TIDY.stages());
        all.add("done");
        assertEquals(all, List.copyOf(rig.stages), "lifts and lets go of each on the way");
      }
    }
  }

  @Test
  void comesBackFromPushes() {
    try (Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), new Disturbance(0.002, 0.4))) {
      for (long seed = 1; seed < 6; seed++) {
        assertTrue(rig.run(Task.LIFT, seed), "seed " + seed);
      }
    }
  }

  @Test
  void aGraspDoesNotSlip() {
    try (Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      assertTrue(rig.run(Task.LIFT, 12));
      double before = rig.robot.scene().object(0, 2) - rig.robot.scene().toolPose()[2];
      rig.goOn(5_000_000_000L);
      double after = rig.robot.scene().object(0, 2) - rig.robot.scene().toolPose()[2];
      assertEquals(before, after, 0.002);
    }
  }

  @Test
  void theSameSeedGivesTheSameCommandsBitForBit() {
    Disturbance pushes = new Disturbance(0.002, 0.4);
    try (Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT);
        Rig one = new Rig(expert, Gap.standard(), pushes);
        Rig two = new Rig(expert, Gap.standard(), pushes)) {
      one.run(Task.LIFT, 21);
      List<double[]> first = List.copyOf(one.trace);
      two.run(Task.LIFT, 20);
      two.run(Task.LIFT, 21);
      assertEquals(first.size(), two.trace.size());
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i), two.trace.get(i));
      }
    }
  }

  @Test
  void planningAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Expert expert = new Expert(Task.TIDY, TabletopRobot.ROBOT);
        Rig rig = new Rig(expert, Gap.none(), Disturbance.NONE)) {
      Plan plan = new Plan(expert.spec());
      rig.run(Task.TIDY, 4);
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          expert.plan(rig.observed, plan);
        }
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, allocated);
    }
  }

  @Test
  void inverseKinematicsReachesTheWorkspacePointingDown() {
    SerialChain chain = new SerialChain(TabletopRobot.ROBOT);
    InverseKinematics inverse = new InverseKinematics(TabletopRobot.ROBOT, 2);
    SplittableRandom random = new SplittableRandom(3);
    double[] pose = new double[7];
    for (int i = 0; i < 300; i++) {
      double[] q = {0, -0.3253, 0, -2.5509, 0, 2.2255, 0.7854, 0.04};
      double x = random.nextDouble(0.34, 0.68);
      double y = random.nextDouble(-0.33, 0.33);
      double z = random.nextDouble(0.02, 0.30);
      double yaw = random.nextDouble(-0.8, 0.8);
      inverse.solve(q, x, y, z, yaw, 60);
      chain.toolPose(q, pose);
      assertEquals(x, pose[0], 1e-3);
      assertEquals(y, pose[1], 1e-3);
      assertEquals(z, pose[2], 1e-3);
      assertEquals(0, pose[3], 2e-3, "no turn out of pointing down");
      assertEquals(0, pose[6], 2e-3);
      assertEquals(
          0, Math.IEEEremainder(yaw - 2 * Math.atan2(pose[5], pose[4]), 2 * Math.PI), 5e-3);
      assertEquals(0, q[2], 0.15, "elbow near the vertical plane");
      assertEquals(0.04, q[Tabletop.JOINTS.size() - 1], "the gripper is left alone");
    }
  }
}

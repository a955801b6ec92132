package dev.forearm.sim.expert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExpertTest {
  @Test
  void liftsTheCubeFromEveryStart() {
    try (Rig rig = new Rig(TabletopRobot.ROBOT, Gap.none(), Disturbance.NONE);
        Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT)) {
      for (long seed = 1000; seed < 1010; seed++) {
        assertTrue(rig.run(expert, Task.LIFT, seed), "seed " + seed);
        assertTrue(rig.monitor.seconds() < 6, "seed " + seed + " " + rig.monitor.seconds());
      }
    }
  }

  @Test
  void tidiesUpAndPressesTheButton() {
    try (Rig rig = new Rig(TabletopRobot.ROBOT, Gap.none(), Disturbance.NONE);
        Expert expert = new Expert(Task.TIDY, TabletopRobot.ROBOT)) {
      for (long seed = 1000; seed < 1003; seed++) {
        assertTrue(rig.run(expert, Task.TIDY, seed), "seed " + seed);
        assertEquals(3, rig.monitor.stage());
        assertEquals("done", rig.monitor.stageName());
      }
    }
  }

  @Test
  void comesBackFromPushes() {
    try (Rig rig = new Rig(TabletopRobot.ROBOT, Gap.none(), new Disturbance(0.001, 0.4));
        Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT)) {
      for (long seed = 1; seed < 6; seed++) {
        assertTrue(rig.run(expert, Task.LIFT, seed), "seed " + seed);
      }
    }
  }

  @Test
  void aGraspDoesNotSlip() {
    try (Rig rig = new Rig(TabletopRobot.ROBOT, Gap.none(), Disturbance.NONE);
        Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT)) {
      assertTrue(rig.run(expert, Task.LIFT, 12));
      double before = rig.scene.object(0, 2) - rig.scene.toolPose()[2];
      double[] hold = rig.trace.getLast();
      for (int ms = 0; ms < 5000; ms++) {
        for (int j = 0; j < hold.length; j++) {
          rig.scene.servo(j, hold[j]);
        }
        rig.scene.step();
      }
      double after = rig.scene.object(0, 2) - rig.scene.toolPose()[2];
      assertEquals(before, after, 0.002);
    }
  }

  @Test
  void theSameSeedGivesTheSameCommandsBitForBit() {
    try (Rig one = new Rig(TabletopRobot.ROBOT, Gap.standard(), new Disturbance(0.001, 0.4));
        Rig two = new Rig(TabletopRobot.ROBOT, Gap.standard(), new Disturbance(0.001, 0.4));
        Expert expert = new Expert(Task.LIFT, TabletopRobot.ROBOT)) {
      one.run(expert, Task.LIFT, 21);
      List<double[]> first = List.copyOf(one.trace);
      two.run(expert, Task.LIFT, 20);
      two.trace.clear();
      two.run(expert, Task.LIFT, 21);
      assertEquals(first.size(), two.trace.size());
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i), two.trace.get(i));
      }
    }
  }

  @Test
  void planningAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Rig rig = new Rig(TabletopRobot.ROBOT, Gap.none(), Disturbance.NONE);
        Expert expert = new Expert(Task.TIDY, TabletopRobot.ROBOT)) {
      Observation observation = new Observation(expert.spec().observationWidth());
      Plan plan = new Plan(expert.spec());
      rig.observe(expert, observation);
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          expert.plan(observation, plan);
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

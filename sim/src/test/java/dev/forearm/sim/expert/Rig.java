package dev.forearm.sim.expert;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import dev.forearm.sim.task.TaskMonitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shortest way from a policy to the scene: observe at 20 Hz, interpolate the newest chunk at
 * 500 Hz, step at 1 kHz. Tests of the scene and of the expert use it; the runtime's own loop is
 * tested where it lives.
 */
final class Rig implements AutoCloseable {
  final Tabletop scene;
  final ArmDrive drive;
  final TaskMonitor monitor;
  final List<double[]> trace = new ArrayList<>();
  private final SerialChain chain;
  private final int joints;

  Rig(Robot robot, Gap gap, Disturbance disturbance) {
    scene = new Tabletop(gap);
    drive = new ArmDrive(scene, gap, disturbance);
    monitor = new TaskMonitor(scene);
    chain = new SerialChain(robot);
    joints = robot.jointCount();
  }

  /** Runs one episode to success or timeout. */
  boolean run(Policy policy, Task task, long seed) {
    scene.reset(seed);
    drive.reset(seed);
    monitor.reset(task);
    Observation observation = new Observation(policy.spec().observationWidth());
    Plan plan = new Plan(policy.spec());
    double[] from = new double[joints];
    double[] command = new double[joints];
    for (int i = 0; i < joints; i++) {
      from[i] = scene.jointPosition(i);
    }
    System.arraycopy(from, 0, command, 0, joints);
    for (int ms = 0; !monitor.succeeded() && !monitor.timedOut(); ms++) {
      long now = ms * Tabletop.STEP_NANOS;
      if (ms % 50 == 0) {
        System.arraycopy(command, 0, from, 0, joints);
        observe(policy, observation);
        policy.plan(observation, plan);
      }
      if (ms % 2 == 0) {
        double s = (ms % 50 + 2) / 50.0;
        for (int i = 0; i < joints; i++) {
          command[i] = from[i] + s * (plan.actions()[i] - from[i]);
        }
        drive.command(command, now);
        trace.add(command.clone());
      }
      drive.update(now);
      scene.step();
      monitor.update();
    }
    return monitor.succeeded();
  }

  void observe(Policy policy, Observation observation) {
    double[] q = new double[joints];
    double[] qd = new double[joints];
    double[] tool = new double[7];
    double[] poses = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
    for (int i = 0; i < joints; i++) {
      q[i] = scene.jointPosition(i);
      qd[i] = scene.jointVelocity(i);
    }
    chain.toolPose(q, tool);
    scene.seenPoses(poses);
    int at = 0;
    for (Feature feature : policy.spec().observation()) {
      String[] source = feature.source().split(":", -1);
      int object = source.length == 1 ? 0 : Tabletop.OBJECTS.indexOf(source[1]) * Tabletop.POSE;
      double[] values =
          switch (source[0]) {
            case "joint_position" -> q;
            case "joint_velocity" -> qd;
            case "tool_position" -> Arrays.copyOfRange(tool, 0, 3);
            case "tool_rotation" -> columns(Arrays.copyOfRange(tool, 3, 7));
            case "object_position" -> Arrays.copyOfRange(poses, object, object + 3);
            case "object_rotation" -> columns(Arrays.copyOfRange(poses, object + 3, object + 7));
            default -> throw new IllegalArgumentException(feature.source());
          };
      for (double value : values) {
        observation.values()[at++] = (float) value;
      }
    }
  }

  private static double[] columns(double[] q) {
    double w = q[0];
    double x = q[1];
    double y = q[2];
    double z = q[3];
    return new double[] {
      1 - 2 * (y * y + z * z),
      2 * (x * y + w * z),
      2 * (x * z - w * y),
      2 * (x * y - w * z),
      1 - 2 * (x * x + z * z),
      2 * (y * z + w * x)
    };
  }

  @Override
  public void close() {
    scene.close();
  }
}

package dev.forearm.sim.arm;

import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.scene.Servos;
import java.util.List;

/**
 * A simulated arm: lengths m, angles rad, joints in command order. Owned by the thread that steps
 * it; stepping and reading allocate nothing.
 */
public final class ArmScene implements Servos, AutoCloseable {
  private final Robot robot;
  private final MujocoModel model;
  private final MujocoData data;
  private final int[] position; // of each joint
  private final int[] velocity;
  private final int[] actuator;
  private final List<Follower> followers;

  private record Follower(int master, int actuator, int position, ChainLink.Mimic mimic) {}

  /**
   * @param plays whether joints have the play that the robot file tells of
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public ArmScene(Robot robot, boolean plays) {
    this.robot = robot;
    ArmModel description = new ArmModel(robot, plays);
    model = MujocoModel.compile(robot.name(), description.mjcf());
    data = new MujocoData(model);
    int joints = robot.jointCount();
    position = new int[joints];
    velocity = new int[joints];
    actuator = new int[joints];
    for (int i = 0; i < joints; i++) {
      String name = robot.joints().get(i).name();
      position[i] = model.positionOf(name);
      velocity[i] = model.velocityOf(name);
      actuator[i] = model.actuator(name);
    }
    followers =
        description.followers().stream()
            .map(each ->
                new Follower(
                    each.master(),
                    model.actuator(each.name()),
                    model.positionOf(each.name()),
                    each.mimic()))
            .toList();
    reset();
  }

  /** Puts the arm where it starts, at rest. */
  public void reset() {
    data.reset();
    for (int i = 0; i < robot.jointCount(); i++) {
      data.position(position[i], home(i));
      hold(i, home(i));
    }
    for (Follower follower : followers) {
      data.position(follower.position, data.control(follower.actuator));
    }
    data.forward();
  }

  /** Advances by a millisecond. */
  public void step() {
    data.step();
  }

  @Override
  public double jointPosition(int joint) {
    return data.position(position[joint]);
  }

  /** Velocity of a joint, rad/s or m/s. */
  public double jointVelocity(int joint) {
    return data.velocity(velocity[joint]);
  }

  @Override
  public void hold(int joint, double target) {
    data.control(actuator[joint], target);
    for (int i = 0; i < followers.size(); i++) {
      Follower follower = followers.get(i);
      if (follower.master == joint) {
        ChainLink.Mimic mimic = follower.mimic;
        data.control(follower.actuator, mimic.multiplier() * target + mimic.offset());
      }
    }
  }

  /** The model, for cameras. */
  public MujocoModel model() {
    return model;
  }

  /** The state, for cameras and tests. */
  public MujocoData data() {
    return data;
  }

  @Override
  public void close() {
    data.close();
    model.close();
  }

  private double home(int joint) {
    List<Double> home = robot.hardware().home();
    Joint limits = robot.joints().get(joint);
    return home.isEmpty() ? limits.positionMiddle() : home.get(joint);
  }
}

package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Float64;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.arm.ArmScene;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.scene.ArmDrive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Any robot on its driver's topics, a millisecond at a time on the caller's thread: joint states at
 * the driver's rate, its controllers' commands, and what the robot file's {@code hardware} tells of
 * besides. Over an in-process transport equal commands give equal messages.
 */
public final class SimulatedArm implements SimWorld {
  /** One physics step. */
  public static final long STEP_NANOS = 1_000_000;

  private static final long CLOCK_NANOS = 10_000_000;
  private static final double FULL_SPEED_PERCENT = 100;

  private final ArmScene scene;
  private final List<Driven> driven = new ArrayList<>();
  private final List<Periodic> published = new ArrayList<>();
  private final List<Topic> topics = new ArrayList<>();
  private final Bool.Buffer running = new Bool.Buffer();
  private long steps;
  private boolean obeys = true;
  private boolean told;

  /** A controller and what comes for it. */
  private record Driven(ArmDrive drive, CommandInbox inbox) {}

  /** What is published each so many steps. */
  private record Periodic(long everySteps, StampedPublisher publisher) {}

  @FunctionalInterface
  private interface StampedPublisher {
    void publish(long stampNanos);
  }

  /**
   * @param transport stays the caller's
   * @param plays whether joints have the play that the robot file tells of
   * @param publishesClock whether /clock tells the time
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public SimulatedArm(RosTransport transport, Robot robot, boolean plays, boolean publishesClock) {
    scene = new ArmScene(robot, plays);
    Hardware hardware = robot.hardware();
    Map<String, List<String>> states = new LinkedHashMap<>();
    for (JointGroup group : robot.groups()) {
      driven.add(
          new Driven(
              new ArmDrive(scene, robot.places(group), group.joints()),
              new CommandInbox(transport, SimController.of(group))));
      states.computeIfAbsent(group.states(), _ -> new ArrayList<>()).addAll(group.joints());
    }
    long statesNanos = hardware.statesNanos().orElse(robot.controlPeriodNanos());
    Qos qos = hardware.statesBestEffort() ? Qos.SENSOR_DATA : Qos.DEFAULT;
    states.forEach((topic, joints) -> joints(transport, robot, topic, qos, statesNanos, joints));
    hardware
        .gripper()
        .ifPresent(gripper ->
            joints(
                transport,
                robot,
                gripper.states().topic(),
                Qos.DEFAULT,
                gripper.states().periodNanos(),
                gripper.joints()));
    List<String> all =
        Stream.concat(
                robot.jointNames().stream(),
                hardware.gripper().stream().flatMap(gripper -> gripper.joints().stream()))
            .toList();
    hardware
        .slowStates()
        .ifPresent(
            slow -> joints(transport, robot, slow.topic(), Qos.DEFAULT, slow.periodNanos(), all));
    hardware.speedScaling().ifPresent(scaling -> speedScaling(transport, scaling));
    hardware
        .programRunning()
        .ifPresent(topic ->
            every(CLOCK_NANOS, programRunning(topic(transport, topic, Bool.TYPE, Qos.LATCHED))));
    if (publishesClock) {
      clock(topic(transport, SimTopics.CLOCK, Clock.TYPE, Qos.DEFAULT));
    }
  }

  /**
   * One physics step.
   *
   * @param stampNanos what messages are stamped with
   */
  @Override
  public void step(long stampNanos) {
    long now = steps * STEP_NANOS;
    for (int i = 0; i < driven.size(); i++) {
      Driven each = driven.get(i);
      if (obeys) {
        each.inbox.drain(each.drive, now, stampNanos);
      } else {
        each.inbox.discard();
      }
      each.drive.update(now + STEP_NANOS); // where to be at its end: a point may be due then
    }
    scene.step();
    steps++;
    for (int i = 0; i < published.size(); i++) {
      if (steps % published.get(i).everySteps == 0) {
        published.get(i).publisher.publish(stampNanos);
      }
    }
  }

  /** Whether the robot's program runs, without which it takes no commands and holds. */
  public void obey(boolean runs) {
    obeys = runs;
    told = false;
  }

  /** The arm, for tests and pictures; owned by the stepping thread. */
  public ArmScene scene() {
    return scene;
  }

  @Override
  public MujocoModel model() {
    return scene.model();
  }

  @Override
  public MujocoData data() {
    return scene.data();
  }

  @Override
  public int commanders() {
    return driven.stream().mapToInt(each -> each.inbox.commanders()).max().orElse(0);
  }

  @Override
  public void close() {
    driven.forEach(each -> each.inbox.close());
    topics.forEach(Topic::close);
    scene.close();
  }

  private Topic topic(
      RosTransport transport, String name, dev.forearm.ros.MessageType type, Qos qos) {
    Topic topic = Topic.on(transport, name, type, qos);
    topics.add(topic);
    return topic;
  }

  private void every(long periodNanos, StampedPublisher publisher) {
    published.add(
        new Periodic(Math.max(1, Math.round((double) periodNanos / STEP_NANOS)), publisher));
  }

  /** Joint states of some of the robot's joints, and of a gripper's, which stands open. */
  private void joints(
      RosTransport transport,
      Robot robot,
      String name,
      Qos qos,
      long periodNanos,
      List<String> joints) {
    Topic topic = topic(transport, name, JointState.TYPE, qos);
    int[] places = joints.stream().mapToInt(robot::jointIndex).toArray();
    double open = robot.hardware().gripper().map(Hardware.Gripper::open).orElse(0.0);
    JointState.Buffer message = new JointState.Buffer();
    message.name.assign(joints);
    message.position.resize(places.length);
    message.velocity.resize(places.length);
    every(
        periodNanos,
        stampNanos -> {
          RosTime.set(message.header.stamp, stampNanos);
          for (int i = 0; i < places.length; i++) {
            boolean ours = places[i] >= 0;
            message.position.set(i, ours ? scene.jointPosition(places[i]) : open);
            message.velocity.set(i, ours ? scene.jointVelocity(places[i]) : 0);
          }
          topic.publish(message);
        });
  }

  private void speedScaling(RosTransport transport, Hardware.PeriodicTopic scaling) {
    Topic topic = topic(transport, scaling.topic(), Float64.TYPE, Qos.DEFAULT);
    Float64.Buffer percent = new Float64.Buffer();
    every(
        scaling.periodNanos(),
        _ -> {
          percent.data = obeys ? FULL_SPEED_PERCENT : 0;
          topic.publish(percent);
        });
  }

  /** Said when it changes; latched. */
  private StampedPublisher programRunning(Topic topic) {
    return _ -> {
      if (!told) {
        told = true;
        running.data = obeys;
        topic.publish(running);
      }
    };
  }

  private void clock(Topic topic) {
    Clock.Buffer time = new Clock.Buffer();
    every(
        CLOCK_NANOS,
        stampNanos -> {
          RosTime.set(time.clock, stampNanos);
          topic.publish(time);
        });
  }
}

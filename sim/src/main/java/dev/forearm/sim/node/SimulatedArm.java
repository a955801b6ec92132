package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Float64;
import dev.forearm.runtime.robot.CommandRoute;
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
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Any robot on its driver's topics, a millisecond at a time on the caller's thread: joint states at
 * the driver's rate, its controllers' commands and goals, and what the robot file's {@code
 * hardware} tells of besides, a controller_manager among it. Over an in-process transport equal
 * commands give equal messages.
 */
public final class SimulatedArm implements SimWorld {
  /** One physics step. */
  public static final long STEP_NANOS = 1_000_000;

  private static final long CLOCK_NANOS = 10_000_000;
  private static final double FULL_SPEED_PERCENT = 100;

  private final ArmScene scene;
  private final Optional<SimulatedControllers> controllers;
  private final List<Driven> driven = new ArrayList<>();
  private final List<Periodic> published = new ArrayList<>();
  private final List<Topic> topics = new ArrayList<>();
  private final Bool.Buffer running = new Bool.Buffer();
  private long steps;
  private boolean obeys = true;
  private boolean told;

  /** A controller and what comes for it, which it takes while it is active. */
  private record Driven(ArmDrive drive, Inbox inbox, BooleanSupplier active) {}

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
    Map<String, Long> periods = new LinkedHashMap<>(); // of those that come at a rate of their own
    controllers =
        hardware.controllers().map(known -> new SimulatedControllers(transport, robot, known));
    for (JointGroup group : robot.groups()) {
      driven.add(driven(transport, robot, group));
      states.computeIfAbsent(group.states(), _ -> new ArrayList<>()).addAll(group.joints());
      group.statesNanos().ifPresent(nanos -> periods.put(group.states(), nanos));
    }
    long statesNanos = hardware.statesNanos().orElse(robot.controlPeriodNanos());
    Qos qos = hardware.statesBestEffort() ? Qos.SENSOR_DATA : Qos.DEFAULT;
    states.forEach((topic, joints) ->
        joints(transport, robot, topic, qos, periods.getOrDefault(topic, statesNanos), joints));
    hardware
        .slowStates()
        .ifPresent(slow ->
            joints(
                transport,
                robot,
                slow.topic(),
                Qos.DEFAULT,
                slow.periodNanos(),
                robot.jointNames()));
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
      if (obeys && each.active.getAsBoolean()) {
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
    controllers.ifPresent(SimulatedControllers::close);
    topics.forEach(Topic::close);
    scene.close();
  }

  private Driven driven(RosTransport transport, Robot robot, JointGroup group) {
    int[] places = robot.places(group);
    BooleanSupplier active =
        () ->
            group
                .controller()
                .flatMap(name -> controllers.map(all -> all.obeys(name)))
                .orElse(true);
    Inbox inbox =
        group.command() instanceof CommandRoute.Goals goals
            ? GoalInbox.of(
                transport,
                goals,
                group.joints(),
                () -> scene.jointPosition(places[0]),
                robot.joints().get(places[0]).velocityMax(),
                active)
            : SimController.of(robot, group).inbox(transport);
    return new Driven(new ArmDrive(scene, places, group.joints()), inbox, active);
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

  /** Joint states of some of the robot's joints. */
  private void joints(
      RosTransport transport,
      Robot robot,
      String name,
      Qos qos,
      long periodNanos,
      List<String> joints) {
    Topic topic = topic(transport, name, JointState.TYPE, qos);
    int[] places = joints.stream().mapToInt(robot::jointIndex).toArray();
    JointState.Buffer message = new JointState.Buffer();
    message.name.assign(joints);
    message.position.resize(places.length);
    message.velocity.resize(places.length);
    every(
        periodNanos,
        stampNanos -> {
          RosTime.set(message.header.stamp, stampNanos);
          for (int i = 0; i < places.length; i++) {
            message.position.set(i, scene.jointPosition(places[i]));
            message.velocity.set(i, scene.jointVelocity(places[i]));
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

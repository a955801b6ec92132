package dev.forearm.launch.faults;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An arm whose joints come to their commands with a lag, on a robot's topics: joint states each
 * control period, and objects that lie on the table. One thread's.
 */
final class FaultyArm implements AutoCloseable {
  private static final double SERVO_PER_SECOND = 100;
  private static final long OBJECTS_EVERY_NANOS = 20_000_000;
  private static final long STAMP_JUMP_NANOS = 3_000_000_000L;

  private final Robot robot;
  private final RosTransport transport;
  private final FaultPlan plan;
  private final List<Controller> controllers = new ArrayList<>();
  private final Map<Integer, FaultyHand> hands = new LinkedHashMap<>(); // by joint
  private final Publication objects;
  private final PoseArray.Buffer poses = new PoseArray.Buffer();
  private final CdrWriter writer = new CdrWriter(1024);
  private final double[] command;
  private final double[] position;
  private final double[] velocity;
  private long objectsNanos;

  /** One group's joints. */
  private final class Controller {
    final JointGroup group;
    final int[] places;
    final JointState.Buffer message = new JointState.Buffer();
    Publication states;
    boolean alive = true;

    Controller(JointGroup group) {
      this.group = group;
      places = robot.places(group);
      message.name.assign(group.joints());
      message.position.resize(places.length);
      message.velocity.resize(places.length);
      states = advertise();
    }

    Publication advertise() {
      return transport.advertise(group.states(), JointState.TYPE, Qos.SENSOR_DATA);
    }

    void obey(double[] positions) {
      for (int i = 0; i < places.length; i++) {
        command[places[i]] = positions[i];
      }
    }

    void live(boolean killed) {
      if (killed && alive) {
        states.close();
      } else if (!killed && !alive) {
        states = advertise();
      }
      alive = !killed;
    }

    void tell(long now, long stamp) {
      RosTime.set(message.header.stamp, stamp);
      if (!plan.strikes(FaultKind.FREEZE, now)) {
        for (int i = 0; i < places.length; i++) {
          message.position.set(i, position[places[i]]);
          message.velocity.set(i, velocity[places[i]]);
        }
      }
      if (plan.strikes(FaultKind.NOT_A_NUMBER, now)) {
        message.position.set(0, Double.NaN);
      }
      publish(states, message);
    }
  }

  FaultyArm(
      Robot robot, RosTransport transport, FaultPlan plan, SimulatedClock clock, double[] start) {
    this.robot = robot;
    this.transport = transport;
    this.plan = plan;
    command = start.clone();
    position = start.clone();
    velocity = new double[start.length];
    for (JointGroup group : robot.groups()) {
      Controller controller = new Controller(group);
      controllers.add(controller);
      switch (group.command()) {
        case CommandRoute.Positions route ->
            transport.subscribe(
                route.topic(),
                Float64MultiArray.TYPE,
                Qos.COMMAND,
                (cdr, _) -> controller.obey(Float64MultiArray.decode(cdr).data()));
        case CommandRoute.Trajectory route ->
            transport.subscribe(
                route.topic(),
                JointTrajectory.TYPE,
                Qos.COMMAND,
                (cdr, _) -> controller.obey(lastPoint(cdr)));
        case CommandRoute.GripperGoals route -> {
          int joint = controller.places[0];
          hands.put(joint, new FaultyHand(transport, route.topic(), plan, clock, start[joint]));
        }
        case CommandRoute.TrajectoryGoals _, CommandRoute.Twist _ ->
            throw new LaunchFailure(
                "faults: joint group '%s' takes %s, wanted positions, trajectories or goals of a gripper; edit the robot file"
                    .formatted(group.name(), group.command()));
      }
    }
    objects = transport.advertise(robot.topics().objects(), PoseArray.TYPE, Qos.SENSOR_DATA);
    poses.header.frameId.assign(robot.baseFrame());
    poses.poses.resize(robot.objects().size());
    for (int i = 0; i < robot.objects().size(); i++) {
      poses.poses.get(i).position.x = 0.4 + 0.03 * i;
      poses.poses.get(i).position.y = 0.1 * (i - 3);
      poses.poses.get(i).position.z = 0.02;
      poses.poses.get(i).orientation.w = 1;
    }
    Publication names =
        transport.advertise(
            robot.topics().objectNames(), dev.forearm.ros.msg.std_msgs.String.TYPE, Qos.LATCHED);
    if (!robot.objects().isEmpty()) {
      publish(names, new dev.forearm.ros.msg.std_msgs.String(String.join(",", robot.objects())));
    }
  }

  /** Where a joint is, in command order; rad or m. */
  double position(int joint) {
    return position[joint];
  }

  /** One control period of the arm, at whose end it tells what it measures. */
  void step(long now) {
    hands.forEach((joint, hand) -> command[joint] = hand.step(position[joint]));
    double seconds = robot.controlPeriodNanos() * 1e-9;
    double share = 1 - Math.exp(-SERVO_PER_SECOND * seconds);
    int stuck =
        plan.striking(FaultKind.STUCK_JOINT, now)
            .map(strike -> (int) (strike.strength() * position.length))
            .orElse(-1);
    for (int j = 0; j < position.length; j++) {
      double travel = j == stuck ? 0 : share * (command[j] - position[j]);
      position[j] += travel;
      velocity[j] = travel / seconds;
    }
    long jump =
        plan.striking(FaultKind.STAMP_JUMP, now)
            .map(strike -> (long) ((strike.strength() - 0.5) * STAMP_JUMP_NANOS))
            .orElse(0L);
    long stamp = Math.max(1, now + jump);
    boolean killed = plan.strikes(FaultKind.KILLED_PUBLISHER, now);
    for (Controller controller : controllers) {
      controller.live(killed);
      if (!killed) {
        controller.tell(now, stamp);
      }
    }
    if (now - objectsNanos >= OBJECTS_EVERY_NANOS && !robot.objects().isEmpty()) {
      objectsNanos = now;
      RosTime.set(poses.header.stamp, stamp);
      publish(objects, poses);
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  private void publish(Publication publication, dev.forearm.ros.Message message) {
    message.encode(writer);
    try {
      publication.publish(writer);
    } catch (RosFault refused) {
      // As planned: nobody hears of it.
    }
  }

  private static double[] lastPoint(MemorySegment cdr) {
    return JointTrajectory.decode(cdr).points().getLast().positions();
  }
}

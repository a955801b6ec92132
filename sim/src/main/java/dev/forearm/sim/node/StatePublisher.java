package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import dev.forearm.sim.task.TaskMonitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the simulated robot tells the world, but for images. Owned by the thread that steps the
 * physics; publishing allocates nothing but where the task's state changes.
 */
final class StatePublisher implements AutoCloseable {
  private final Tabletop scene;
  private final TaskMonitor monitor;
  private final List<Joints> joints = new ArrayList<>();
  private final Topic objects;
  private final Topic objectNames;
  private final Topic taskState;
  private final Topic clock;
  private final PoseArray.Buffer poses = new PoseArray.Buffer();
  private final DiagnosticStatus.Buffer task = new DiagnosticStatus.Buffer();
  private final Clock.Buffer time = new Clock.Buffer();
  private final double[] seen = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
  private long told = -1; // the task state's changes as last put into words

  /** One controller's joints, and the finger that follows one of them. */
  private static final class Joints {
    final Topic topic;
    final JointState.Buffer message = new JointState.Buffer();
    final int[] places;

    Joints(RosTransport transport, SimController controller) {
      topic = Topic.on(transport, controller.states(), JointState.TYPE, Qos.DEFAULT);
      List<String> all = new ArrayList<>(Tabletop.JOINTS);
      all.add(Tabletop.MIMIC_JOINT);
      List<String> names = new ArrayList<>(controller.joints());
      if (names.contains(Tabletop.JOINTS.getLast())) {
        names.add(Tabletop.MIMIC_JOINT);
      }
      places = names.stream().mapToInt(all::indexOf).toArray();
      message.name.assign(names);
      message.position.resize(names.size());
      message.velocity.resize(names.size());
    }

    void publish(Tabletop scene, long stampNanos) {
      RosTime.set(message.header.stamp, stampNanos);
      for (int i = 0; i < places.length; i++) {
        message.position.set(i, scene.jointPosition(places[i]));
        message.velocity.set(i, scene.jointVelocity(places[i]));
      }
      topic.publish(message);
    }
  }

  StatePublisher(
      RosTransport transport,
      List<SimController> controllers,
      Tabletop scene,
      TaskMonitor monitor) {
    this.scene = scene;
    this.monitor = monitor;
    controllers.forEach(controller -> joints.add(new Joints(transport, controller)));
    objects = Topic.on(transport, SimTopics.OBJECTS, PoseArray.TYPE, Qos.DEFAULT);
    taskState = Topic.on(transport, SimTopics.TASK_STATE, DiagnosticStatus.TYPE, Qos.DEFAULT);
    clock = Topic.on(transport, SimTopics.CLOCK, Clock.TYPE, Qos.DEFAULT);
    objectNames =
        Topic.on(
            transport,
            SimTopics.OBJECT_NAMES,
            dev.forearm.ros.msg.std_msgs.String.TYPE,
            Qos.LATCHED);
    poses.header.frameId.assign(SimTopics.BASE_FRAME);
    poses.poses.resize(Tabletop.OBJECTS.size());
    task.hardwareId.assign("forearm sim");
    objectNames.publish(
        new dev.forearm.ros.msg.std_msgs.String(String.join(",", Tabletop.OBJECTS)));
  }

  void jointStates(long stampNanos) {
    for (int i = 0; i < joints.size(); i++) {
      joints.get(i).publish(scene, stampNanos);
    }
  }

  void objects(long stampNanos) {
    RosTime.set(poses.header.stamp, stampNanos);
    scene.seenPoses(seen);
    for (int i = 0; i < Tabletop.OBJECTS.size(); i++) {
      Pose.Buffer pose = poses.poses.get(i);
      int at = i * Tabletop.POSE;
      pose.position.x = seen[at];
      pose.position.y = seen[at + 1];
      pose.position.z = seen[at + 2];
      pose.orientation.w = seen[at + 3];
      pose.orientation.x = seen[at + 4];
      pose.orientation.y = seen[at + 5];
      pose.orientation.z = seen[at + 6];
    }
    objects.publish(poses);
  }

  void taskState(long episode, long seed) {
    if (monitor.changes() != told) {
      told = monitor.changes();
      putIntoWords(episode, seed);
    }
    taskState.publish(task);
  }

  void clock(long stampNanos) {
    RosTime.set(time.clock, stampNanos);
    clock.publish(time);
  }

  @Override
  public void close() {
    joints.forEach(each -> each.topic.close());
    for (Topic topic : List.of(objects, objectNames, taskState, clock)) {
      topic.close();
    }
  }

  private void putIntoWords(long episode, long seed) {
    task.name.assign(monitor.task().label());
    task.message.assign(monitor.timedOut() ? "time is up" : monitor.stageName());
    task.level = monitor.timedOut() ? DiagnosticStatus.WARN : DiagnosticStatus.OK;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("episode", episode);
    values.put("seed", seed);
    values.put("stage", monitor.stage());
    values.put("stages", monitor.task().stages().size());
    values.put("success", monitor.succeeded());
    values.put("timed_out", monitor.timedOut());
    List<Task.Lift> lifts = monitor.task().lifts();
    for (int i = 0; i < lifts.size(); i++) {
      values.put(SimTopics.ATTEMPTS + lifts.get(i).cube(), monitor.attempts(i));
    }
    task.values.resize(values.size());
    int at = 0;
    for (Map.Entry<String, Object> value : values.entrySet()) {
      KeyValue.Buffer buffer = task.values.get(at++);
      buffer.key.assign(value.getKey());
      buffer.value.assign(value.getValue().toString());
    }
  }
}

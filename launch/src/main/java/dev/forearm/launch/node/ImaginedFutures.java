package dev.forearm.launch.node;

import dev.forearm.launch.session.Mind;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.forearm_msgs.ImaginedFuture;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.ros.msg.visualization_msgs.MarkerArray;
import dev.forearm.ros.node.Node;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What the world model imagines, for others to look at: {@code ~/imagined_future}, and, for RViz
 * and Foxglove to draw, {@code ~/imagined_markers} of the tool and objects and {@code
 * ~/imagined_trajectory} of the joints, where the policy imagines those. The inference thread
 * writes a slot; the node's thread publishes what is newest.
 */
public final class ImaginedFutures implements RuntimeTap {
  private static final double NANOS = 1e-9;

  private final PolicySpec spec;
  private final SignalSlot slot;
  private final double[] frames; // inference thread's

  /**
   * @param spec of the policy, and of all that take its place
   */
  public ImaginedFutures(PolicySpec spec) {
    this.spec = spec;
    frames = new double[spec.frameSteps().size() * spec.frameWidth()];
    slot = new SignalSlot("imagined", frames.length);
  }

  @Override
  public void planned(Observation observation, Plan plan) {
    if (plan.imagines()) {
      float[] imagined = plan.imagined();
      for (int i = 0; i < frames.length; i++) {
        frames[i] = imagined[i];
      }
      slot.write(frames, 0, observation.stampNanos(), observation.stampNanos());
    }
  }

  /**
   * Publishes from now on.
   *
   * @param clock of the stamps of observations
   * @param driving whose policy is at work
   */
  Node.Repetition publishBy(Node node, Robot robot, Clock clock, Supplier<Mind> driving) {
    Publisher publisher = new Publisher(node, robot, clock, driving);
    Node.Repetition repetition = node.every(spec::periodNanos, publisher::publish);
    return () -> {
      repetition.close();
      publisher.future.close();
      publisher.trajectory.close();
      publisher.markers.close();
    };
  }

  private final class Publisher {
    final Node node;
    final Clock clock;
    final Supplier<Mind> driving;
    final Publication future;
    final Publication trajectory;
    final Publication markers;
    final ImaginedMarkers lines;
    final CdrWriter writer = new CdrWriter(1024);
    final SignalReading newest = new SignalReading(frames.length);
    final List<String> names = new ArrayList<>();
    final double[] seconds;
    final OptionalInt joints; // where they are in a frame
    long published;

    Publisher(Node node, Robot robot, Clock clock, Supplier<Mind> driving) {
      this.node = node;
      this.clock = clock;
      this.driving = driving;
      future = node.optional().advertise("~/imagined_future", ImaginedFuture.TYPE, Qos.DEFAULT);
      trajectory =
          node.optional().advertise("~/imagined_trajectory", JointTrajectory.TYPE, Qos.DEFAULT);
      markers = node.optional().advertise("~/imagined_markers", MarkerArray.TYPE, Qos.DEFAULT);
      for (String name : spec.imagined()) {
        int size = feature(name).size();
        IntStream.range(0, size).forEach(i -> names.add(size == 1 ? name : name + "." + i));
      }
      seconds =
          spec.frameSteps().stream()
              .mapToDouble(steps -> steps * spec.periodNanos() * NANOS)
              .toArray();
      joints =
          spec.imagined().stream()
              .filter(name -> feature(name).source() instanceof Source.JointPosition)
              .filter(name -> feature(name).size() == spec.joints().size())
              .mapToInt(spec::frameOffsetOf)
              .findFirst();
      lines =
          new ImaginedMarkers(
              robot, spec, seconds.length == 0 ? after(0) : after(seconds[seconds.length - 1]));
    }

    private Feature feature(String name) {
      return spec.observation().stream()
          .filter(each -> each.name().equals(name))
          .findFirst()
          .orElseThrow();
    }

    void publish() {
      if (!slot.read(newest) || newest.sequence() == published) {
        return;
      }
      published = newest.sequence();
      long age = clock.nanos() - newest.stampNanos();
      Header header = new Header(RosTime.before(node.clock().now(), age), "");
      double[] values = newest.values();
      new ImaginedFuture(header, driving.get().name(), names, seconds, values).encode(writer);
      future.publish(writer);
      if (joints.isPresent()) {
        points(header, values, joints.getAsInt()).encode(writer);
        trajectory.publish(writer);
      }
      if (!lines.isEmpty()) {
        lines.of(header.stamp(), values).encode(writer);
        markers.publish(writer);
      }
    }

    private static Duration after(double seconds) {
      Time due = RosTime.of(Math.round(seconds / NANOS));
      return new Duration(due.sec(), due.nanosec());
    }

    private JointTrajectory points(Header header, double[] values, int offset) {
      List<JointTrajectoryPoint> points = new ArrayList<>();
      double[] none = {};
      for (int frame = 0; frame < seconds.length; frame++) {
        int from = frame * spec.frameWidth() + offset;
        double[] positions = Arrays.copyOfRange(values, from, from + spec.joints().size());
        points.add(new JointTrajectoryPoint(positions, none, none, none, after(seconds[frame])));
      }
      return new JointTrajectory(header, spec.joints(), points);
    }
  }
}

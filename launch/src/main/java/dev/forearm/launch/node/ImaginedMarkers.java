package dev.forearm.launch.node;

import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Point;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.std_msgs.ColorRGBA;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.visualization_msgs.Marker;
import dev.forearm.ros.msg.visualization_msgs.MarkerArray;
import dev.forearm.ros.msg.visualization_msgs.MeshFile;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy imagines, as lines in space: of the tool and of each object a path through the
 * imagined frames, with a ball at its end, in the robot's base frame. A policy that imagines its
 * joints and not its tool has the tool's path by the robot's chain. The node's thread.
 */
final class ImaginedMarkers {
  private static final double LINE_M = 0.004;
  private static final double BALL_M = 0.02;
  private static final ColorRGBA TOOL = new ColorRGBA(0.1f, 0.6f, 1f, 0.9f);
  private static final ColorRGBA OBJECT = new ColorRGBA(1f, 0.6f, 0.1f, 0.9f);

  /** Finds where something is imagined to be. */
  private interface Place {
    Point in(double[] values, int frame);
  }

  private record Track(String name, ColorRGBA colour, Place place) {}

  private final String baseFrame;
  private final int frames;
  private final Duration lifetime;
  private final List<Track> tracks = new ArrayList<>();

  /**
   * @param lifetime after which what is imagined is over
   */
  ImaginedMarkers(Robot robot, PolicySpec spec, Duration lifetime) {
    baseFrame = robot.baseFrame();
    frames = spec.frameSteps().size();
    this.lifetime = lifetime;
    for (Feature feature : spec.state()) {
      if (spec.imagined().contains(feature.name())) {
        int offset = spec.frameOffsetOf(feature.name());
        Place read = (values, frame) -> point(values, frame * spec.frameWidth() + offset);
        switch (feature.source()) {
          case Source.ToolPosition _ -> tracks.add(new Track("tool", TOOL, read));
          case Source.ObjectPosition object -> tracks.add(new Track(object.object(), OBJECT, read));
          case Source.JointPosition _ when !imaginesTool(spec) ->
              tracks.add(new Track("tool", TOOL, byChain(robot, spec, offset)));
          default -> {}
        }
      }
    }
  }

  private static boolean imaginesTool(PolicySpec spec) {
    return spec.state().stream()
        .anyMatch(feature ->
            feature.source() instanceof Source.ToolPosition
                && spec.imagined().contains(feature.name()));
  }

  private static Place byChain(Robot robot, PolicySpec spec, int offset) {
    SerialChain chain = new SerialChain(robot);
    double[] joints = new double[robot.jointCount()];
    double[] tool = new double[3];
    return (values, frame) -> {
      System.arraycopy(values, frame * spec.frameWidth() + offset, joints, 0, joints.length);
      chain.toolPosition(joints, tool);
      return point(tool, 0);
    };
  }

  private static Point point(double[] from, int at) {
    return new Point(from[at], from[at + 1], from[at + 2]);
  }

  /** Whether there is anything to show. */
  boolean isEmpty() {
    return tracks.isEmpty();
  }

  /**
   * Draws frames.
   *
   * @param stamp of what they were imagined from
   * @param values frame after frame
   */
  MarkerArray of(Time stamp, double[] values) {
    Header header = new Header(stamp, baseFrame);
    List<Marker> markers = new ArrayList<>();
    for (Track track : tracks) {
      List<Point> points = new ArrayList<>();
      for (int frame = 0; frame < frames; frame++) {
        points.add(track.place.in(values, frame));
      }
      if (points.size() > 1) {
        Vector3 width = new Vector3(LINE_M, 0, 0);
        markers.add(marker(header, track, 0, Marker.LINE_STRIP, at(0, 0, 0), width, points));
      }
      Point end = points.getLast();
      Vector3 size = new Vector3(BALL_M, BALL_M, BALL_M);
      Pose there = at(end.x(), end.y(), end.z());
      markers.add(marker(header, track, 1, Marker.SPHERE, there, size, List.of()));
    }
    return new MarkerArray(markers);
  }

  private static Pose at(double x, double y, double z) {
    return new Pose(new Point(x, y, z), new Quaternion(0, 0, 0, 1));
  }

  private Marker marker(
      Header header, Track track, int id, int type, Pose pose, Vector3 scale, List<Point> points) {
    return new Marker(
        header,
        "imagined/" + track.name,
        id,
        type,
        Marker.ADD,
        pose,
        scale,
        track.colour,
        lifetime,
        false,
        points,
        List.of(),
        "",
        new CompressedImage(header, "", new byte[0]),
        List.of(),
        "",
        "",
        new MeshFile("", new byte[0]),
        false);
  }
}

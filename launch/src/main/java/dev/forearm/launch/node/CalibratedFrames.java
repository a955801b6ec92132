package dev.forearm.launch.node;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.Placement;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.Transform;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.tf.StaticBroadcaster;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells ROS 2 where a calibration has the robot's cameras and whatever else it places, on {@code
 * /tf_static}, while the parameter {@code broadcast_calibration} is true. Where the driver tells of
 * the same frames, one of the two has to be silent: a frame has one parent.
 */
public final class CalibratedFrames implements AutoCloseable {
  private final Node node;
  private @Nullable StaticBroadcaster broadcaster;

  public CalibratedFrames(Node node) {
    this.node = node;
  }

  /** Declares the parameter, and tells of the calibration, where there is one. */
  public void declare(Optional<Calibration> calibration) {
    calibration.ifPresent(known ->
        tell(
            known,
            node.parameters()
                .declare(
                    "broadcast_calibration",
                    "Tell on /tf_static where the calibration has frames.",
                    true,
                    wanted -> tell(known, wanted))));
  }

  /** On the thread that sets up, then on that of services. */
  private synchronized void tell(Calibration calibration, boolean wanted) {
    close();
    if (wanted) {
      Time now = node.clock().now();
      broadcaster =
          new StaticBroadcaster(
              node.optional(),
              calibration.placements().stream()
                  .map(Placement::transform)
                  .map(transform -> stamped(now, transform))
                  .toList());
    }
  }

  private static TransformStamped stamped(Time now, RigidTransform t) {
    UnitQuaternion q = t.rotation();
    return new TransformStamped(
        new Header(now, t.to()),
        t.from(),
        new Transform(
            new Vector3(t.x(), t.y(), t.z()), new Quaternion(q.x(), q.y(), q.z(), q.w())));
  }

  @Override
  public synchronized void close() {
    if (broadcaster != null) {
      broadcaster.close();
      broadcaster = null;
    }
  }
}

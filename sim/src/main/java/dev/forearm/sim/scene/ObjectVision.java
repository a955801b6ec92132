package dev.forearm.sim.scene;

import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.sim.gap.MountShift;

/**
 * Object poses as a vision system behind the scene camera reports them: seen from where the camera
 * is, worked out from where it is believed to be. Exact if the camera was not shifted.
 */
final class ObjectVision {
  private final RigidTransform reportedFromTrue;
  private final double[] turn = new double[4]; // wxyz of reportedFromTrue
  private final boolean exact;

  /**
   * @param baseFromCamera where the camera is believed to be
   * @param shift from there to where it is
   */
  ObjectVision(RigidTransform baseFromCamera, MountShift shift) {
    reportedFromTrue =
        baseFromCamera.then(RigidTransform.of(shift).inverse()).then(baseFromCamera.inverse());
    Rotations.toQuaternion(reportedFromTrue.rotation(), turn, 0);
    exact = shift.equals(new MountShift(0, 0, 0, 0, 0, 0));
  }

  /** Turns a true pose (x y z, qw qx qy qz, base frame) into the reported one, in place. */
  void look(double[] poses, int offset) {
    if (exact) {
      return;
    }
    reportedFromTrue.apply(poses, offset, poses, offset);
    double w = poses[offset + 3];
    double x = poses[offset + 4];
    double y = poses[offset + 5];
    double z = poses[offset + 6];
    poses[offset + 3] = turn[0] * w - turn[1] * x - turn[2] * y - turn[3] * z;
    poses[offset + 4] = turn[0] * x + turn[1] * w + turn[2] * z - turn[3] * y;
    poses[offset + 5] = turn[0] * y - turn[1] * z + turn[2] * w + turn[3] * x;
    poses[offset + 6] = turn[0] * z + turn[1] * y - turn[2] * x + turn[3] * w;
  }
}

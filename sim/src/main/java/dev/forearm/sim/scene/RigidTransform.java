package dev.forearm.sim.scene;

import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.sim.gap.MountShift;

/**
 * A rotation and a translation, {@code aFromB}: p in a = rotation (p in b) + translation.
 *
 * @param rotation row-major, 9 values
 * @param translation m, 3 values
 */
@SuppressWarnings("ArrayRecordComponent") // made once while starting up, never compared
record RigidTransform(double[] rotation, double[] translation) {
  static RigidTransform of(MountShift shift) {
    return new RigidTransform(
        Rotations.fromRollPitchYaw(shift.roll(), shift.pitch(), shift.yaw()),
        new double[] {shift.x(), shift.y(), shift.z()});
  }

  /** This, then {@code next} in this one's target frame: aFromB.then(bFromC) = aFromC. */
  RigidTransform then(RigidTransform next) {
    double[] product = new double[9];
    for (int row = 0; row < 9; row += 3) {
      for (int column = 0; column < 3; column++) {
        for (int k = 0; k < 3; k++) {
          product[row + column] += rotation[row + k] * next.rotation[3 * k + column];
        }
      }
    }
    double[] moved = new double[3];
    apply(next.translation, 0, moved, 0);
    return new RigidTransform(product, moved);
  }

  RigidTransform inverse() {
    double[] transposed = new double[9];
    for (int i = 0; i < 9; i++) {
      transposed[i] = rotation[3 * (i % 3) + i / 3];
    }
    double[] back = new double[3];
    for (int row = 0; row < 3; row++) {
      for (int k = 0; k < 3; k++) {
        back[row] -= transposed[3 * row + k] * translation[k];
      }
    }
    return new RigidTransform(transposed, back);
  }

  /** Moves a point; {@code from} and {@code to} may be the same array. */
  void apply(double[] from, int fromOffset, double[] to, int toOffset) {
    double x = from[fromOffset];
    double y = from[fromOffset + 1];
    double z = from[fromOffset + 2];
    for (int row = 0; row < 3; row++) {
      to[toOffset + row] =
          rotation[3 * row] * x
              + rotation[3 * row + 1] * y
              + rotation[3 * row + 2] * z
              + translation[row];
    }
  }
}

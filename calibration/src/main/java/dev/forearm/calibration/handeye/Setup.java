package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.PinholeCamera;

/**
 * All that is solved for.
 *
 * @param handEye where camera and board are
 * @param offsets of the joints, rad or m, in command order: a joint is at its reading plus this
 * @param camera as it is
 */
@SuppressWarnings("ArrayRecordComponent") // read and never compared
record Setup(HandEye handEye, double[] offsets, PinholeCamera camera) {
  private static final int POSES = 2 * Poses.SIZE;

  /** How many numbers it is, with offsets of {@code joints} joints. */
  static int size(int joints) {
    return POSES + joints + PinholeCamera.PARAMETERS;
  }

  /** Where in {@link #numbers} a joint's offset is. */
  static int place(int joint) {
    return POSES + joint;
  }

  /** As numbers: camera's pose, board's pose, offsets, the camera's own. */
  double[] numbers() {
    double[] numbers = new double[size(offsets.length)];
    Poses.write(handEye.mountFromCamera(), numbers, 0);
    Poses.write(handEye.holderFromBoard(), numbers, Poses.SIZE);
    System.arraycopy(offsets, 0, numbers, POSES, offsets.length);
    System.arraycopy(
        camera.parameters(), 0, numbers, POSES + offsets.length, PinholeCamera.PARAMETERS);
    return numbers;
  }

  /** The same with other {@link #numbers}. */
  Setup with(double[] numbers) {
    double[] others = new double[offsets.length];
    System.arraycopy(numbers, POSES, others, 0, others.length);
    return new Setup(
        new HandEye(Poses.read(numbers, 0), Poses.read(numbers, Poses.SIZE)),
        others,
        camera.with(numbers, POSES + others.length));
  }
}

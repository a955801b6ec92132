/**
 * Cameras and the boards that they are shown. A {@link
 * dev.forearm.calibration.camera.PinholeCamera} says where a point is seen, a {@link
 * dev.forearm.calibration.camera.Board} where its corners are, a {@link
 * dev.forearm.calibration.camera.BoardView} what one picture shows of them, and {@link
 * dev.forearm.calibration.camera.BoardPose} where the board then stands. Immutable values, any
 * thread.
 *
 * <p>Poses are georegression's {@code Se3_F64}, named {@code toFromFrom} and, where they are given
 * to others, as a {@code RigidTransform}. The camera's frame is OpenCV's and ROS's optical one: x
 * right, y down, z ahead.
 */
@NullMarked
package dev.forearm.calibration.camera;

import org.jspecify.annotations.NullMarked;

package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.LeftOut;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.frames.RigidTransform;
import java.util.List;

/**
 * What a hand-eye calibration found, and how sure it is.
 *
 * @param handEye where camera and board are
 * @param errorMm standard error of the camera's origin, the three directions together
 * @param errorDeg standard error of how the camera is turned, the three axes together
 * @param offsets of the joints, in command order
 * @param camera as given, or as adjusted
 * @param noise of corners and joints, as learned
 * @param closedForms what each published method makes of the same captures
 * @param heldOut what solutions without a capture have it be, each capture once
 * @param leftOut captures that do not fit the others, or show no board
 */
public record HandEyeFinding(
    HandEye handEye,
    double errorMm,
    double errorDeg,
    List<Offset> offsets,
    PinholeCamera camera,
    Noise noise,
    List<Spread> closedForms,
    List<HeldOut> heldOut,
    List<LeftOut> leftOut) {
  public HandEyeFinding {
    offsets = List.copyOf(offsets);
    closedForms = List.copyOf(closedForms);
    heldOut = List.copyOf(heldOut);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * What a joint reads wrong: it is at its reading plus this.
   *
   * @param joint its name
   * @param rad the offset; 0 where it was not solved for
   * @param errorRad standard error; 0 where it was not solved for
   */
  public record Offset(String joint, double rad, double errorRad) {}

  /**
   * How far a closed form's camera is from the one that was found.
   *
   * @param method that found it
   * @param mm between their origins
   * @param deg between their directions
   */
  public record Spread(ClosedForm method, double mm, double deg) {}

  /**
   * What the others predict of a capture, its own joint noise included.
   *
   * @param capture its name
   * @param mm between the board's middle as predicted and as seen
   * @param deg between the board's directions
   * @param px root mean square over its corners, u and v
   */
  public record HeldOut(String capture, double mm, double deg, double px) {}

  /** Where the camera is, in the frames' names: {@code mount} is the tool's or the base's. */
  public RigidTransform mountFromCamera(String mount, String cameraFrame) {
    return Poses.named(mount, cameraFrame, handEye.mountFromCamera());
  }

  /** Root mean square over the captures that were held out, mm. */
  public double heldOutMm() {
    return rootMeanSquare(heldOut.stream().mapToDouble(HeldOut::mm).toArray());
  }

  /** Root mean square over the captures that were held out, deg. */
  public double heldOutDeg() {
    return rootMeanSquare(heldOut.stream().mapToDouble(HeldOut::deg).toArray());
  }

  /** Root mean square over the captures that were held out, px. */
  public double heldOutPx() {
    return rootMeanSquare(heldOut.stream().mapToDouble(HeldOut::px).toArray());
  }

  private static double rootMeanSquare(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}

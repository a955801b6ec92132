package dev.forearm.viewer.scene;

import org.joml.Math;
import org.joml.Matrix4f;
import org.joml.Vector3f;
import org.joml.Vector4f;

/** A camera that circles a point, moved by pixels of the mouse. */
public final class OrbitCamera {
  private static final float FIELD_OF_VIEW = Math.toRadians(34); // vertical
  private static final float RADIANS_PER_PIXEL = Math.toRadians(0.35f);
  private static final float LOWEST = Math.toRadians(2); // above the floor
  private static final float HIGHEST = Math.toRadians(89);
  private static final float ZOOM = 0.88f; // of the distance, a notch of the wheel
  private static final float NEAREST = 0.15f; // of the first distance
  private static final float FARTHEST = 6;
  private static final float AZIMUTH = Math.toRadians(-38); // from ahead, a little to the right
  private static final float ELEVATION = Math.toRadians(24);

  private final Vector3f home;
  private final float homeDistance;
  private final Vector3f target = new Vector3f();
  private float distance;
  private float azimuth;
  private float elevation;

  /**
   * @param x of the point to circle, m
   * @param y of it
   * @param z of it
   * @param distance from it, m
   */
  public OrbitCamera(double x, double y, double z, double distance) {
    home = new Vector3f((float) x, (float) y, (float) z);
    homeDistance = (float) distance;
    reset();
  }

  /** Back to where it was made. */
  public void reset() {
    target.set(home);
    distance = homeDistance;
    azimuth = AZIMUTH;
    elevation = ELEVATION;
  }

  /**
   * Circles the point as if the mouse turned the scene.
   *
   * @param right pixels
   * @param down pixels
   */
  public void orbit(float right, float down) {
    azimuth -= right * RADIANS_PER_PIXEL;
    elevation = Math.clamp(LOWEST, HIGHEST, elevation + down * RADIANS_PER_PIXEL);
  }

  /** Comes nearer by so many notches of the mouse's wheel. */
  public void zoom(float notches) {
    float wanted = (float) (distance * java.lang.Math.pow(ZOOM, notches));
    distance = Math.clamp(NEAREST * homeDistance, FARTHEST * homeDistance, wanted);
  }

  /**
   * Moves the point that is circled, so that what is under the mouse stays there.
   *
   * @param right pixels
   * @param down pixels
   * @param height of the picture, pixels
   */
  public void pan(float right, float down, float height) {
    float perPixel = 2 * distance * Math.tan(FIELD_OF_VIEW / 2) / height;
    Matrix4f view = view();
    target.fma(-right * perPixel, view.positiveX(new Vector3f()));
    target.fma(down * perPixel, view.positiveY(new Vector3f()));
  }

  /** Where it stands. */
  public Vector3f eye() {
    float flat = Math.cos(elevation) * distance;
    return new Vector3f(
            flat * Math.cos(azimuth), flat * Math.sin(azimuth), Math.sin(elevation) * distance)
        .add(target);
  }

  /** Beyond this nothing is seen, m. */
  float farthest() {
    return 20 * homeDistance;
  }

  /** The point that it circles. */
  Vector3f target() {
    return target;
  }

  /**
   * From the base frame to clip coordinates.
   *
   * @param aspect width of the picture by its height
   */
  Matrix4f projection(float aspect) {
    return new Matrix4f()
        .perspective(FIELD_OF_VIEW, aspect, 0.02f * homeDistance, farthest())
        .mul(view());
  }

  /**
   * Where in the picture a point is seen.
   *
   * @param aspect as {@link #projection}
   * @param place receives how far from the left and from the top, 0 to 1 within the picture
   * @return false if the point is behind the camera
   */
  public boolean project(double x, double y, double z, float aspect, float[] place) {
    Vector4f clip = projection(aspect).transform(new Vector4f((float) x, (float) y, (float) z, 1));
    place[0] = 0.5f + 0.5f * clip.x / clip.w;
    place[1] = 0.5f - 0.5f * clip.y / clip.w;
    return clip.w > 0;
  }

  private Matrix4f view() {
    return new Matrix4f().lookAt(eye(), target, new Vector3f(0, 0, 1));
  }
}

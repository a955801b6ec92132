package dev.forearm.calibration.camera;

/**
 * A pinhole camera with the distortion that OpenCV and ROS call {@code plumb_bob} (Brown, 1971):
 *
 * <pre>
 *   r2 = x2 + y2        of x/z, y/z
 *   u  = fx (x (1 + k1 r2 + k2 r4 + k3 r6) + 2 p1 x y + p2 (r2 + 2 x2)) + cx
 *   v  = fy (y (1 + k1 r2 + k2 r4 + k3 r6) + p1 (r2 + 2 y2) + 2 p2 x y) + cy
 * </pre>
 *
 * @param width of its pictures, px
 * @param height of its pictures, px
 * @param fx focal length, px
 * @param fy focal length, px
 * @param cx principal point, px; the middle of the first pixel is 0
 * @param cy principal point, px
 * @param k1 radial
 * @param k2 radial
 * @param p1 tangential
 * @param p2 tangential
 * @param k3 radial
 */
public record PinholeCamera(
    int width,
    int height,
    double fx,
    double fy,
    double cx,
    double cy,
    double k1,
    double k2,
    double p1,
    double p2,
    double k3) {
  /** How many numbers describe it: fx fy cx cy k1 k2 p1 p2 k3, in this order. */
  public static final int PARAMETERS = 9;

  private static final double DEPTH_MIN_M = 1e-3;
  private static final int NEWTON_STEPS = 20;

  public PinholeCamera {
    if (width < 1 || height < 1 || !(fx > 0) || !(fy > 0)) {
      throw new IllegalArgumentException(
          "camera: found %s x %s px with focal lengths %s and %s, wanted all above 0"
              .formatted(width, height, fx, fy));
    }
  }

  /** Without distortion. */
  public static PinholeCamera ideal(int width, int height, double focal) {
    return new PinholeCamera(
        width, height, focal, focal, (width - 1) / 2.0, (height - 1) / 2.0, 0, 0, 0, 0, 0);
  }

  /** Its numbers in the order of {@link #PARAMETERS}. */
  public double[] parameters() {
    return new double[] {fx, fy, cx, cy, k1, k2, p1, p2, k3};
  }

  /** The same with other numbers, in the order of {@link #PARAMETERS} from {@code at} on. */
  public PinholeCamera with(double[] numbers, int at) {
    return new PinholeCamera(
        width,
        height,
        numbers[at],
        numbers[at + 1],
        numbers[at + 2],
        numbers[at + 3],
        numbers[at + 4],
        numbers[at + 5],
        numbers[at + 6],
        numbers[at + 7],
        numbers[at + 8]);
  }

  /** Where a point of the camera's frame is seen; what is behind it counts as just before it. */
  public void project(double x, double y, double z, double[] pixel) {
    double depth = Math.max(z, DEPTH_MIN_M);
    distort(x / depth, y / depth, pixel);
    pixel[0] = fx * pixel[0] + cx;
    pixel[1] = fy * pixel[1] + cy;
  }

  /**
   * How the pixel changes.
   *
   * @param byPoint receives [2][3], row-major: with the point, px/m
   * @param byParameters receives [2][{@link #PARAMETERS}], row-major: with the camera's numbers
   */
  public void derivatives(double x, double y, double z, double[] byPoint, double[] byParameters) {
    double depth = Math.max(z, DEPTH_MIN_M);
    double a = x / depth;
    double b = y / depth;
    double r2 = a * a + b * b;
    double[] d = new double[4];
    slope(a, b, d);
    byPoint[0] = fx * d[0] / depth;
    byPoint[1] = fx * d[1] / depth;
    byPoint[2] = -fx * (d[0] * a + d[1] * b) / depth;
    byPoint[3] = fy * d[2] / depth;
    byPoint[4] = fy * d[3] / depth;
    byPoint[5] = -fy * (d[2] * a + d[3] * b) / depth;
    double[] distorted = new double[2];
    distort(a, b, distorted);
    double[] u = {
      distorted[0],
      0,
      1,
      0,
      fx * a * r2,
      fx * a * r2 * r2,
      fx * 2 * a * b,
      fx * (r2 + 2 * a * a),
      fx * a * r2 * r2 * r2
    };
    double[] v = {
      0,
      distorted[1],
      0,
      1,
      fy * b * r2,
      fy * b * r2 * r2,
      fy * (r2 + 2 * b * b),
      fy * 2 * a * b,
      fy * b * r2 * r2 * r2
    };
    System.arraycopy(u, 0, byParameters, 0, PARAMETERS);
    System.arraycopy(v, 0, byParameters, PARAMETERS, PARAMETERS);
  }

  /** The direction (x/z, y/z) in which a pixel looks: undoes {@link #project}, by Newton. */
  public void direction(double u, double v, double[] direction) {
    double wantedX = (u - cx) / fx;
    double wantedY = (v - cy) / fy;
    double a = wantedX;
    double b = wantedY;
    double[] found = new double[2];
    double[] d = new double[4];
    for (int i = 0; i < NEWTON_STEPS; i++) {
      distort(a, b, found);
      slope(a, b, d);
      double det = d[0] * d[3] - d[1] * d[2];
      double offX = wantedX - found[0];
      double offY = wantedY - found[1];
      a += (d[3] * offX - d[1] * offY) / det;
      b += (d[0] * offY - d[2] * offX) / det;
      if (offX * offX + offY * offY < 1e-24) {
        break;
      }
    }
    direction[0] = a;
    direction[1] = b;
  }

  private void distort(double a, double b, double[] distorted) {
    double r2 = a * a + b * b;
    double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
    distorted[0] = a * radial + 2 * p1 * a * b + p2 * (r2 + 2 * a * a);
    distorted[1] = b * radial + p1 * (r2 + 2 * b * b) + 2 * p2 * a * b;
  }

  /** How what is distorted changes, [2][2]. */
  private void slope(double a, double b, double[] d) {
    double r2 = a * a + b * b;
    double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
    double steeper = 2 * (k1 + r2 * (2 * k2 + r2 * 3 * k3));
    d[0] = radial + a * a * steeper + 2 * p1 * b + 6 * p2 * a;
    d[1] = a * b * steeper + 2 * p1 * a + 2 * p2 * b;
    d[2] = d[1];
    d[3] = radial + b * b * steeper + 6 * p1 * b + 2 * p2 * a;
  }
}

package dev.forearm.runtime.kinematics;

/**
 * The Panda's tool position from the modified Denavit-Hartenberg table of Franka's documentation
 * (Craig's convention), multiplied out with 4x4 matrices: the reference for {@link SerialChain}.
 */
final class ModifiedDh {
  private static final double[][] A_D_ALPHA = {
    {0, 0.333, 0},
    {0, 0, -Math.PI / 2},
    {0, 0.316, Math.PI / 2},
    {0.0825, 0, Math.PI / 2},
    {-0.0825, 0.384, -Math.PI / 2},
    {0, 0, Math.PI / 2},
    {0.088, 0, Math.PI / 2},
  };

  private ModifiedDh() {}

  static double[] toolPosition(double[] q) {
    double[][] t = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    for (int i = 0; i < 7; i++) {
      t = multiply(t, craig(A_D_ALPHA[i][0], A_D_ALPHA[i][2], A_D_ALPHA[i][1], q[i]));
    }
    t = multiply(t, craig(0, 0, 0.107, 0));
    t = multiply(t, craig(0, 0, 0.1034, -Math.PI / 4));
    return new double[] {t[0][3], t[1][3], t[2][3]};
  }

  private static double[][] craig(double a, double alpha, double d, double theta) {
    double ct = Math.cos(theta);
    double st = Math.sin(theta);
    double ca = Math.cos(alpha);
    double sa = Math.sin(alpha);
    return new double[][] {
      {ct, -st, 0, a},
      {st * ca, ct * ca, -sa, -d * sa},
      {st * sa, ct * sa, ca, d * ca},
      {0, 0, 0, 1}
    };
  }

  private static double[][] multiply(double[][] a, double[][] b) {
    double[][] c = new double[4][4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        for (int k = 0; k < 4; k++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }
}

package dev.forearm.calibration.handeye;

/**
 * How wrong readings usually are, standard deviations. The adjustment begins with it and then
 * learns both from what is left over.
 *
 * @param cornerPx of u and of v of a corner
 * @param jointRad of one reading of a turning joint
 */
public record Noise(double cornerPx, double jointRad) {
  /** Of a good detector and a good arm. */
  public static final Noise USUAL = new Noise(0.3, Math.toRadians(0.05));
}

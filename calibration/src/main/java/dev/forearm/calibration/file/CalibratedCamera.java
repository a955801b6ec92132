package dev.forearm.calibration.file;

import dev.forearm.calibration.camera.PinholeCamera;

/**
 * A camera's numbers as a file has them.
 *
 * @param name of its frame
 * @param camera the numbers
 * @param residualPx what they leave of the views they were found by, root mean square
 * @param heldOutPx what they leave of views that they were not found by
 */
public record CalibratedCamera(
    String name, PinholeCamera camera, double residualPx, double heldOutPx) {}

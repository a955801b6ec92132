package dev.forearm.calibration.camera;

/**
 * What one picture shows of a board.
 *
 * @param picture its name, for messages
 * @param corners numbers of the corners that were found, each once
 * @param pixels where: u and v of each
 */
@SuppressWarnings("ArrayRecordComponent") // read and never compared
public record BoardView(String picture, int[] corners, double[] pixels) {
  public BoardView {
    if (pixels.length != 2 * corners.length) {
      throw new IllegalArgumentException(
          "view %s: found %s corners and %s coordinates, wanted two each"
              .formatted(picture, corners.length, pixels.length));
    }
  }
}

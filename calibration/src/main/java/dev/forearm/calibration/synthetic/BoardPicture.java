package dev.forearm.calibration.synthetic;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.camera.ArucoDictionary;
import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.PinholeCamera;
import georegression.struct.se.Se3_F64;
import java.util.SplittableRandom;

/**
 * What a camera sees of a board, computed from the exact camera: each pixel is the mean over
 * {@value #SAMPLES} x {@value #SAMPLES} rays. The board has a white margin of one square and lies
 * on grey.
 */
public final class BoardPicture {
  private static final int SAMPLES = 4;
  private static final float BLACK = 35;
  private static final float WHITE = 215;
  private static final float GROUND = 120;

  private final Board board;
  private final PinholeCamera camera;
  private final boolean[][][] markers; // [id][row][column]: white
  private final int[][] ids; // [row][column] of squares

  public BoardPicture(Board board, PinholeCamera camera) {
    this.board = board;
    this.camera = camera;
    ids = new int[board.rows() + 1][board.columns() + 1];
    int marker = 0;
    for (int row = 0; row <= board.rows(); row++) {
      for (int column = 0; column <= board.columns(); column++) {
        ids[row][column] = board.isWhite(column, row) ? marker++ : -1;
      }
    }
    markers =
        board
            .markers()
            .map(some -> {
              boolean[][][] cells = new boolean[board.markerCount()][][];
              for (int id = 0; id < cells.length; id++) {
                cells[id] = ArucoDictionary.cells(some.bits(), id);
              }
              return cells;
            })
            .orElse(new boolean[0][][]);
  }

  /**
   * Draws it.
   *
   * @param noise standard deviation of each pixel, of 255
   * @param light brightness of the right edge against the left one, 1: the same
   */
  public GrayF32 draw(
      Se3_F64 cameraFromBoard, double noise, double light, SplittableRandom random) {
    GrayF32 picture = new GrayF32(camera.width(), camera.height());
    double[] direction = new double[2];
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        float sum = 0;
        for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
          int row = sample / SAMPLES;
          int column = sample % SAMPLES;
          camera.direction(
              u + (column + 0.5) / SAMPLES - 0.5, v + (row + 0.5) / SAMPLES - 0.5, direction);
          sum += shade(cameraFromBoard, direction);
        }
        double lit = 1 + (light - 1) * u / camera.width();
        double value = lit * sum / (SAMPLES * SAMPLES) + noise * random.nextGaussian();
        picture.set(u, v, (float) Math.clamp(Math.rint(value), 0, 255));
      }
    }
    return picture;
  }

  private float shade(Se3_F64 cameraFromBoard, double[] direction) {
    // The ray (a, b, 1) s meets the board where R^T ((a, b, 1) s - T) has no z.
    double[] r = cameraFromBoard.R.data;
    double a = direction[0];
    double b = direction[1];
    double ahead = r[2] * a + r[5] * b + r[8];
    double away =
        r[2] * cameraFromBoard.T.x + r[5] * cameraFromBoard.T.y + r[8] * cameraFromBoard.T.z;
    double s = away / ahead;
    if (!(s > 0)) {
      return GROUND;
    }
    double px = a * s - cameraFromBoard.T.x;
    double py = b * s - cameraFromBoard.T.y;
    double pz = s - cameraFromBoard.T.z;
    double x = (r[0] * px + r[3] * py + r[6] * pz) / board.squareM() + 1;
    double y = (r[1] * px + r[4] * py + r[7] * pz) / board.squareM() + 1;
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    if (column < -1 || row < -1 || column > board.columns() + 1 || row > board.rows() + 1) {
      return GROUND;
    }
    if (column < 0 || row < 0 || column > board.columns() || row > board.rows()) {
      return WHITE;
    }
    if (ids[row][column] < 0) {
      return BLACK;
    }
    return markers.length == 0 || isWhite(ids[row][column], x - column, y - row) ? WHITE : BLACK;
  }

  /** Of a square with a marker in its middle. */
  private boolean isWhite(int marker, double x, double y) {
    double side = board.markers().orElseThrow().sideM() / board.squareM();
    boolean[][] cells = markers[marker];
    int column = (int) Math.floor((x - (1 - side) / 2) / side * cells.length);
    int row = (int) Math.floor((y - (1 - side) / 2) / side * cells.length);
    boolean outside = column < 0 || row < 0 || column >= cells.length || row >= cells.length;
    return outside || cells[row][column];
  }
}

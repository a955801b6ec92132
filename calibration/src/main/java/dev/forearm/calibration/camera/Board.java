package dev.forearm.calibration.camera;

/**
 * A flat chessboard. Its frame has the origin at the first inner corner, x along a row of corners,
 * y along a column and z into the board, away from who looks at it.
 *
 * @param columns inner corners in a row: one less than squares
 * @param rows of inner corners
 * @param squareM side of a square, m
 */
public record Board(int columns, int rows, double squareM) {
  private static final int FEWEST = 2;

  public Board {
    if (columns < FEWEST || rows < FEWEST || !(squareM > 0)) {
      throw new IllegalArgumentException(
          "board: found %s x %s inner corners of %s m, wanted 2 x 2 or more and a length above 0"
              .formatted(columns, rows, squareM));
    }
  }

  /** Inner corners, numbered row by row from 0. */
  public int corners() {
    return columns * rows;
  }

  /** Of a corner, m. */
  public double x(int corner) {
    int column = corner % columns;
    return column * squareM;
  }

  /** Of a corner, m. */
  public double y(int corner) {
    int row = corner / columns;
    return row * squareM;
  }
}

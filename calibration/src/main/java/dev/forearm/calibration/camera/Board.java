package dev.forearm.calibration.camera;

import dev.forearm.runtime.RuntimeFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A flat chessboard, with or without markers in its white squares. Its frame has the origin at the
 * first inner corner, x along a row of corners, y along a column and z into the board, away from
 * who looks at it; the square before the first corner of the first row is black.
 *
 * @param columns inner corners in a row: one less than squares
 * @param rows of inner corners
 * @param squareM side of a square, m
 * @param markers of a ChArUco board; empty: a plain chessboard
 */
public record Board(int columns, int rows, double squareM, Optional<Markers> markers) {
  private static final int FEWEST = 2;
  private static final double MM = 1e-3;
  private static final Pattern TEXT =
      Pattern.compile(
          "chess:(\\d+)x(\\d+):([\\d.]+)|charuco:(\\d+)x(\\d+):([\\d.]+):([\\d.]+):([4-7])x\\8");

  /** How {@link #parse} wants a board to be written. */
  public static final String FORM =
      "chess:COLUMNSxROWS:SQUARE with inner corners, or charuco:COLUMNSxROWS:SQUARE:MARKER:4x4 with squares and a dictionary of 4x4 to 7x7 bits; lengths in mm";

  /**
   * ArUco markers, numbered row by row from 0, as OpenCV's {@code CharucoBoard} has them.
   *
   * @param bits of a marker's side without its border: 4 to 7
   * @param sideM of a marker with its border, m
   */
  public record Markers(int bits, double sideM) {}

  public Board {
    if (columns < FEWEST || rows < FEWEST || !(squareM > 0)) {
      throw new IllegalArgumentException(
          "board: found %s x %s inner corners of %s m, wanted 2 x 2 or more and a length above 0"
              .formatted(columns, rows, squareM));
    }
    if (markers.isEmpty() && (columns + rows) % 2 == 0) {
      throw new IllegalArgumentException(
          "board: a chessboard of %s x %s inner corners looks the same upside down; use one with an even and an odd number of them, or with markers"
              .formatted(columns, rows));
    }
    if (markers.isPresent() && !(markers.get().sideM > 0 && markers.get().sideM < squareM)) {
      throw new IllegalArgumentException(
          "board: found markers of %s m in squares of %s m, wanted smaller ones"
              .formatted(markers.get().sideM, squareM));
    }
  }

  /** A plain chessboard. */
  public static Board chess(int columns, int rows, double squareM) {
    return new Board(columns, rows, squareM, Optional.empty());
  }

  /**
   * Reads a board from text.
   *
   * @throws RuntimeFault if it is not of the {@link #FORM}, or of a board that does not do
   */
  public static Board parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new RuntimeFault("board: found '%s', wanted %s".formatted(text, FORM));
    }
    try {
      if (parts.group(1) != null) {
        return chess(number(parts, 1), number(parts, 2), length(parts, 3));
      }
      Markers markers = new Markers(number(parts, 8), length(parts, 7));
      return new Board(
          number(parts, 4) - 1, number(parts, 5) - 1, length(parts, 6), Optional.of(markers));
    } catch (IllegalArgumentException e) {
      throw new RuntimeFault(String.valueOf(e.getMessage()), e);
    }
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static double length(Matcher parts, int group) {
    return MM * Double.parseDouble(parts.group(group));
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

  /** How many markers a board with markers has: one in each white square. */
  public int markerCount() {
    return (columns + 1) * (rows + 1) / 2;
  }

  /** The square of a marker: column and row, from 0. */
  List<Integer> markerSquare(int marker) {
    int left = marker;
    for (int row = 0; row <= rows; row++) {
      for (int column = 0; column <= columns; column++) {
        if (isWhite(column, row) && left-- == 0) {
          return List.of(column, row);
        }
      }
    }
    throw new IllegalArgumentException("the board has no marker " + marker);
  }

  /** Whether a square is white. */
  public boolean isWhite(int column, int row) {
    return column % 2 != row % 2;
  }
}

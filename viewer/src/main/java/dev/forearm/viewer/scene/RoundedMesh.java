package dev.forearm.viewer.scene;

import static org.lwjgl.opengl.GL33C.*;

/**
 * The one shape on the graphics card: a sphere of radius 1 that is cut along its three middle
 * planes. The eight parts move apart by as much as a {@link Solid}'s core says; what lies between
 * them is flat.
 *
 * <pre>
 *   vertex: normal x y z, and in which eighth it is, -1 or 1 along x y z
 * </pre>
 */
final class RoundedMesh implements AutoCloseable {
  private static final int PIECES = 7; // of a quarter of a circle
  private static final int ROWS = 2 * (PIECES + 1); // from the south to the north pole
  private static final int COLUMNS = 4 * (PIECES + 1); // once around
  private static final int VERTEX = 6;

  private final int array = glGenVertexArrays();
  private final int vertexBuffer = glGenBuffers();
  private final int indexBuffer = glGenBuffers();
  private final int indexCount;

  RoundedMesh() {
    int[] indices = indices();
    indexCount = indices.length;
    glBindVertexArray(array);
    glBindBuffer(GL_ARRAY_BUFFER, vertexBuffer);
    glBufferData(GL_ARRAY_BUFFER, vertices(), GL_STATIC_DRAW);
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indexBuffer);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, indices, GL_STATIC_DRAW);
    for (int place = 0; place < 2; place++) {
      glVertexAttribPointer(
          place, 3, GL_FLOAT, false, VERTEX * Float.BYTES, 3L * place * Float.BYTES);
      glEnableVertexAttribArray(place);
    }
    glBindVertexArray(0);
  }

  /** Draws it with the program in use. */
  void draw() {
    glBindVertexArray(array);
    glDrawElements(GL_TRIANGLES, indexCount, GL_UNSIGNED_INT, 0);
  }

  @Override
  public void close() {
    glDeleteVertexArrays(array);
    glDeleteBuffers(vertexBuffer);
    glDeleteBuffers(indexBuffer);
  }

  static float[] vertices() {
    float[] vertices = new float[ROWS * COLUMNS * VERTEX];
    int to = 0;
    for (int row = 0; row < ROWS; row++) {
      int half = row / (PIECES + 1);
      double latitude = Math.PI / 2 * ((double) (row % (PIECES + 1)) / PIECES + half - 1);
      for (int column = 0; column < COLUMNS; column++) {
        int quarter = column / (PIECES + 1);
        double longitude = Math.PI / 2 * ((double) (column % (PIECES + 1)) / PIECES + quarter);
        vertices[to++] = (float) (Math.cos(latitude) * Math.cos(longitude));
        vertices[to++] = (float) (Math.cos(latitude) * Math.sin(longitude));
        vertices[to++] = (float) Math.sin(latitude);
        vertices[to++] = quarter == 0 || quarter == 3 ? 1 : -1;
        vertices[to++] = quarter < 2 ? 1 : -1;
        vertices[to++] = half == 0 ? -1 : 1;
      }
    }
    return vertices;
  }

  /** Triangles, counter-clockwise from outside: the sides, then both ends. */
  static int[] indices() {
    int[] indices = new int[6 * (ROWS - 1) * COLUMNS + 2 * 3 * (COLUMNS - 2)];
    int to = 0;
    for (int row = 0; row < ROWS - 1; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        int here = row * COLUMNS + column;
        int right = row * COLUMNS + (column + 1) % COLUMNS;
        for (int corner :
            new int[] {here, right, right + COLUMNS, here, right + COLUMNS, here + COLUMNS}) {
          indices[to++] = corner;
        }
      }
    }
    int north = (ROWS - 1) * COLUMNS;
    for (int column = 1; column < COLUMNS - 1; column++) {
      for (int corner : new int[] {0, column + 1, column}) {
        indices[to++] = corner;
      }
      for (int corner : new int[] {0, column, column + 1}) {
        indices[to++] = north + corner;
      }
    }
    return indices;
  }
}

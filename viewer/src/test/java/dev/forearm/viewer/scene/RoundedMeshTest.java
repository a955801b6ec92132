package dev.forearm.viewer.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.joml.Vector3f;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoundedMeshTest {
  private static final int VERTEX = 6;

  /** As the shader places a vertex. */
  private static Vector3f placed(float[] vertices, int index, Vector3f core, float radius) {
    int at = index * VERTEX;
    return new Vector3f(vertices[at + 3], vertices[at + 4], vertices[at + 5])
        .mul(core)
        .fma(radius, new Vector3f(vertices[at], vertices[at + 1], vertices[at + 2]));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 1", // a ball
    "0, 0, 0.8, 0.2", // a capsule
    "0.5, 0.4, 0.3, 0.05", // a box with soft edges
    "2, 3, 0, 0" // a floor
  })
  void trianglesEncloseTheVolumeOfTheShapeFromOutside(float x, float y, float z, float radius) {
    Vector3f core = new Vector3f(x, y, z);
    float[] vertices = RoundedMesh.vertices();
    int[] indices = RoundedMesh.indices();
    double volume = 0;
    for (int i = 0; i < indices.length; i += 3) {
      Vector3f a = placed(vertices, indices[i], core, radius);
      Vector3f b = placed(vertices, indices[i + 1], core, radius);
      Vector3f c = placed(vertices, indices[i + 2], core, radius);
      volume += a.dot(b.cross(c, new Vector3f())) / 6; // positive where it faces outwards
    }
    double expected = volume(x, y, z, radius);
    assertTrue(volume <= expected + 1e-5, volume + " of " + expected);
    assertEquals(expected, volume, 0.04 * expected + 1e-5);
  }

  /** Steiner's formula for a box and all that is within a radius of it. */
  private static double volume(double x, double y, double z, double radius) {
    double box = 8 * x * y * z;
    double faces = 8 * (x * y + y * z + z * x) * radius;
    double edges = 2 * Math.PI * radius * radius * (x + y + z);
    return box + faces + edges + 4.0 / 3 * Math.PI * Math.pow(radius, 3);
  }
}

package dev.forearm.viewer.scene;

import static org.lwjgl.opengl.GL33C.*;

import java.util.List;
import org.joml.Matrix4f;
import org.joml.Vector3f;

/**
 * Draws solids on a floor into a texture, in the OpenGL context in which it was made: first the
 * floor and the shadows on it, then what is there, then, translucent, what is only imagined.
 */
public final class SceneRenderer implements AutoCloseable {
  /** To where the light comes from. */
  private static final Vector3f LIGHT = new Vector3f(0.25f, -0.45f, 1).normalize();

  /** Along the light onto the floor. */
  private static final Matrix4f ONTO_FLOOR =
      new Matrix4f().m20(-LIGHT.x / LIGHT.z).m21(-LIGHT.y / LIGHT.z).m22(0);

  private final SceneProgram program = new SceneProgram();
  private final RoundedMesh mesh = new RoundedMesh();
  private final SceneTarget target = new SceneTarget();

  /**
   * Draws a picture.
   *
   * @param width pixels
   * @param height pixels
   * @param background behind everything, packed
   * @param there what is there
   * @param imagined what is imagined
   */
  public void draw(
      int width,
      int height,
      OrbitCamera camera,
      int background,
      List<Solid> there,
      List<Solid> imagined) {
    target.begin(width, height);
    glClearColor(
        (background & 255) / 255f,
        (background >> 8 & 255) / 255f,
        (background >> 16 & 255) / 255f,
        1);
    glClearStencil(0);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_CULL_FACE);
    glEnable(GL_BLEND);
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    program.use(camera.projection((float) width / height), camera.eye(), LIGHT);
    floor(camera, there);
    glEnable(GL_DEPTH_TEST);
    glDepthFunc(GL_LEQUAL);
    all(SceneProgram.Way.LIT, there);
    ghost(imagined);
    glDisable(GL_DEPTH_TEST);
    glBindVertexArray(0);
    glUseProgram(0);
    target.end();
  }

  /** The picture, rows from the bottom. */
  public int texture() {
    return target.texture();
  }

  @Override
  public void close() {
    target.close();
    mesh.close();
    program.close();
  }

  /** A pixel of the floor is darkened once, however many shadows fall on it. */
  private void floor(OrbitCamera camera, List<Solid> there) {
    glDisable(GL_DEPTH_TEST);
    float half = camera.farthest();
    Vector3f middle = camera.target();
    Matrix4f under = new Matrix4f().translation(middle.x, middle.y, 0);
    program.way(SceneProgram.Way.FLOOR);
    solid(new Solid(under, new Vector3f(half, half, 0), 0, 0xff000000), under);
    glEnable(GL_STENCIL_TEST);
    glStencilFunc(GL_EQUAL, 0, 255);
    glStencilOp(GL_KEEP, GL_KEEP, GL_INCR);
    program.way(SceneProgram.Way.SHADOW);
    for (Solid solid : there) {
      solid(solid, ONTO_FLOOR.mul(solid.pose(), new Matrix4f()));
    }
    glDisable(GL_STENCIL_TEST);
  }

  /** Only its nearest surface is seen, and where the arm is in the same place, that is. */
  private void ghost(List<Solid> imagined) {
    glEnable(GL_POLYGON_OFFSET_FILL);
    glPolygonOffset(2, 2);
    glColorMask(false, false, false, false);
    all(SceneProgram.Way.GHOST, imagined);
    glColorMask(true, true, true, true);
    all(SceneProgram.Way.GHOST, imagined);
    glDisable(GL_POLYGON_OFFSET_FILL);
  }

  private void all(SceneProgram.Way way, List<Solid> solids) {
    program.way(way);
    for (Solid solid : solids) {
      solid(solid, solid.pose());
    }
  }

  private void solid(Solid solid, Matrix4f pose) {
    program.shape(pose, solid);
    mesh.draw();
  }
}

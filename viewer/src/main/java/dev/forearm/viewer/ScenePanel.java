package dev.forearm.viewer;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.WorkspaceBox;
import dev.forearm.viewer.scene.ArmShape;
import dev.forearm.viewer.scene.OrbitCamera;
import dev.forearm.viewer.scene.SceneRenderer;
import dev.forearm.viewer.scene.Solid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joml.Matrix3f;
import org.joml.Quaternionf;
import org.joml.Vector3f;

/**
 * The arm and the objects in three dimensions, and, translucent, the last frame of the imagined
 * future. The mouse turns it.
 */
final class ScenePanel implements AutoCloseable {
  private static final ArmShape.Paint PAINT =
      new ArmShape.Paint(Palette.SHELL, Palette.JOINT, Palette.TOOL);
  private static final ArmShape.Paint GHOST =
      new ArmShape.Paint(Palette.IMAGINED, Palette.IMAGINED, Palette.IMAGINED);
  private static final double OBJECT_HALF_METRES = 0.02; // nobody says how large they are
  private static final double VIEW_DISTANCE = 1.3; // of what there is to see
  private static final int[][] EDGES = { // of a box, by the bits of its corners
    {0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}
  };

  private final ArmShape arm;
  private final OrbitCamera camera;
  private final SceneRenderer renderer = new SceneRenderer();
  private final MouseDrag drag = new MouseDrag();
  private final float[] from = new float[2];
  private final float[] to = new float[2];

  ScenePanel(Robot robot) {
    arm = new ArmShape(robot);
    WorkspaceBox box = robot.workspace();
    double x = (Math.min(0, box.xMin()) + box.xMax()) / 2;
    double y = (box.yMin() + box.yMax()) / 2;
    double z = Math.max(box.zMin(), 0) + 0.35 * (box.zMax() - Math.max(box.zMin(), 0));
    double seen =
        Math.max(
            box.zMax(), Math.hypot(box.xMax() - Math.min(0, box.xMin()), box.yMax() - box.yMin()));
    camera = new OrbitCamera(x, y, z, VIEW_DISTANCE * Math.min(seen, 1.2 * arm.reach()));
  }

  void draw(Canvas canvas, Rectangle area, LiveModel model) {
    Rectangle content = canvas.begin("scene", "in space: drag turns, wheel zooms", area);
    legend(canvas, area, model);
    steer(content);
    renderer.draw(
        Math.round(content.width()),
        Math.round(content.height()),
        camera,
        Palette.PANEL,
        there(model),
        imagined(model));
    canvas.upright(renderer.texture(), content);
    canvas.clip(content);
    workspace(canvas, content, model.robot().workspace());
    way(canvas, content, model);
    names(canvas, content, model);
    canvas.unclip();
    canvas.end();
  }

  private void steer(Rectangle content) {
    drag.look(content);
    if (drag.isBy(MouseDrag.LEFT)) {
      camera.orbit(drag.right(), drag.down());
    } else if (drag.isBy(MouseDrag.RIGHT) || drag.isBy(MouseDrag.MIDDLE)) {
      camera.pan(drag.right(), drag.down(), content.height());
    }
    camera.zoom(drag.wheel());
    if (drag.doubled()) {
      camera.reset();
    }
  }

  private List<Solid> there(LiveModel model) {
    List<Solid> solids = new ArrayList<>();
    if (model.measures()) {
      double[] joints = model.telemetry().control().measured();
      solids.addAll(arm.at(joints, PAINT));
      solids.addAll(arm.toolAxes(joints));
    }
    List<Telemetry.SeenObject> objects = model.telemetry().objects();
    for (int i = 0; i < objects.size(); i++) {
      double[] pose = objects.get(i).pose();
      solids.add(
          Solid.cube(
              new Vector3f((float) pose[0], (float) pose[1], (float) pose[2]),
              new Quaternionf(pose[4], pose[5], pose[6], pose[3]).normalize(),
              OBJECT_HALF_METRES,
              Palette.of(objects.get(i).name(), i)));
    }
    return solids;
  }

  private List<Solid> imagined(LiveModel model) {
    List<Solid> ghosts = new ArrayList<>();
    if (!model.imagines()) {
      return ghosts;
    }
    int last = model.frames() - 1;
    model.imaginedJoints(last).ifPresent(joints -> ghosts.addAll(arm.at(joints, GHOST)));
    for (PointTrack track : model.tracks()) {
      if (track.isImagined()) {
        Vector3f place = place(model, track, last);
        ghosts.add(
            track.isTool()
                ? Solid.ball(place, OBJECT_HALF_METRES / 2, Palette.IMAGINED)
                : Solid.cube(
                    place, turn(model, track, last), OBJECT_HALF_METRES, Palette.IMAGINED));
      }
    }
    return ghosts;
  }

  private static Vector3f place(LiveModel model, PointTrack track, int frame) {
    return new Vector3f(
        (float) model.imagined(track, frame, 0),
        (float) model.imagined(track, frame, 1),
        (float) model.imagined(track, frame, 2));
  }

  /** A network's two columns are seldom exactly at right angles. */
  private static Quaternionf turn(LiveModel model, PointTrack track, int frame) {
    if (track.turnedAt() == PointTrack.NOT_IMAGINED) {
      return new Quaternionf();
    }
    float[] six = new float[6];
    for (int i = 0; i < six.length; i++) {
      six[i] = (float) model.imaginedTurn(track, frame, i);
    }
    Vector3f x = new Vector3f(six[0], six[1], six[2]).normalize();
    Vector3f z = x.cross(six[3], six[4], six[5], new Vector3f()).normalize();
    return new Quaternionf().setFromNormalized(new Matrix3f(x, z.cross(x, new Vector3f()), z));
  }

  private static void legend(Canvas canvas, Rectangle area, LiveModel model) {
    String imagined =
        model.imagines()
            ? String.format(Locale.ROOT, "imagined, in %.1f s", model.horizonSeconds())
            : "nothing is imagined";
    int colour = model.imagines() ? Palette.IMAGINED : Palette.MUTED;
    canvas.textToTheLeftOf(area.right() - 10, area.y() + 6, Canvas.SMALL, colour, imagined);
  }

  private void workspace(Canvas canvas, Rectangle content, WorkspaceBox box) {
    for (int[] edge : EDGES) {
      if (sees(content, corner(box, edge[0]), from) && sees(content, corner(box, edge[1]), to)) {
        int colour = Palette.faded(Palette.MUTED, 0.35);
        canvas.line(from[0], from[1], to[0], to[1], colour, 1);
      }
    }
  }

  private static double[] corner(WorkspaceBox box, int bits) {
    return new double[] {
      (bits & 1) == 0 ? box.xMin() : box.xMax(),
      (bits & 2) == 0 ? box.yMin() : box.yMax(),
      (bits & 4) == 0 ? box.zMin() : box.zMax()
    };
  }

  /** The tool's way: the last seconds, and the imagined ones. */
  private void way(Canvas canvas, Rectangle content, LiveModel model) {
    int points = model.trail(0).size();
    for (int i = 1; i < points; i++) {
      if (sees(content, trail(model, i - 1), from) && sees(content, trail(model, i), to)) {
        int colour = Palette.faded(Palette.MEASURED, 0.8 * i / points);
        canvas.line(from[0], from[1], to[0], to[1], colour, 2);
      }
    }
    if (!model.imagines()) {
      return;
    }
    for (PointTrack track : model.tracks()) {
      if (track.isImagined()) {
        double[] before = {
          model.observed(track, 0), model.observed(track, 1), model.observed(track, 2)
        };
        for (int frame = 0; frame < model.frames(); frame++) {
          double[] next = {
            model.imagined(track, frame, 0),
            model.imagined(track, frame, 1),
            model.imagined(track, frame, 2)
          };
          if (sees(content, before, from) && sees(content, next, to)) {
            canvas.dashes(from[0], from[1], to[0], to[1], Palette.IMAGINED, 1.6f);
          }
          before = next;
        }
      }
    }
  }

  private static double[] trail(LiveModel model, int point) {
    return new double[] {
      model.trail(0).value(point), model.trail(1).value(point), model.trail(2).value(point)
    };
  }

  private void names(Canvas canvas, Rectangle content, LiveModel model) {
    List<Telemetry.SeenObject> objects = model.telemetry().objects();
    for (int i = 0; i < objects.size(); i++) {
      String name = objects.get(i).name();
      if (sees(content, objects.get(i).pose(), from)) {
        canvas.text(
            from[0] + 12,
            from[1] - 18,
            Canvas.SMALL,
            Palette.faded(Palette.of(name, i), 0.9),
            name.replace('_', ' '));
      }
    }
  }

  /** Whether a point is before the camera; {@code at} then is where, in the window's pixels. */
  private boolean sees(Rectangle content, double[] point, float[] at) {
    boolean before =
        camera.project(point[0], point[1], point[2], content.width() / content.height(), at);
    at[0] = content.x() + at[0] * content.width();
    at[1] = content.y() + at[1] * content.height();
    return before;
  }

  @Override
  public void close() {
    renderer.close();
  }
}

package dev.forearm.sim.scene;

import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.gap.MountShift;
import java.util.List;

/** The table-top scene's description with a gap worked into it. Used while starting up. */
public final class TabletopModel {
  private static final String SCENE_CAMERA = "scene";

  /** How finely the scene is drawn; the physics is the same. */
  public enum Detail {
    /**
     * For a stream: few facets, plain floor, no smoothing of edges; two and a half times as fast.
     */
    STREAM,
    /** For people. */
    PICTURE
  }

  private TabletopModel() {}

  /**
   * Compiles the scene.
   *
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public static MujocoModel compile(Gap gap, Detail detail) {
    Mjcf mjcf = Mjcf.scene("tabletop");
    if (detail == Detail.STREAM) {
      mjcf.setAll("quality", "offsamples", "0");
      mjcf.setAll("quality", "numslices", "14");
      mjcf.setAll("quality", "numstacks", "6");
      mjcf.setAll("quality", "numquads", "2");
      mjcf.remove("material", "floor", "texture");
      mjcf.set("material", "floor", "rgba", "0.35 0.38 0.42 1");
    }
    mountHand(mjcf, gap.tool());
    mountCamera(mjcf, gap.sceneCamera());
    mjcf.rewrite("geom", "friction", f -> new double[] {f[0] * gap.frictionScale(), f[1], f[2]});
    for (String cube : Tabletop.CUBES) {
      double mass = mjcf.numbers("geom", cube, "mass")[0];
      mjcf.set("geom", cube, "mass", Mjcf.text(mass * gap.cubeMassScale()));
    }
    for (String attribute : List.of("mass", "fullinertia", "diaginertia")) {
      mjcf.rewrite("inertial", attribute, values -> scaled(values, gap.armMassScale()));
    }
    return MujocoModel.compile("tabletop", mjcf.text());
  }

  /** Where the scene camera is believed to be: the pose the scene gives it without a gap. */
  static RigidTransform baseFromSceneCamera() {
    return cameraPose(Mjcf.scene("tabletop"));
  }

  private static void mountHand(Mjcf mjcf, MountShift shift) {
    double[] position = mjcf.numbers("body", "hand", "pos");
    double[] turn = mjcf.numbers("body", "hand", "quat"); // wxyz, about z
    double believedYaw = 2 * Math.atan2(turn[3], turn[0]);
    double c = Math.cos(believedYaw);
    double s = Math.sin(believedYaw);
    double halfYaw = 0.5 * (believedYaw + shift.yaw());
    mjcf.set(
        "body",
        "hand",
        "pos",
        Mjcf.text(
            position[0] + c * shift.x() - s * shift.y(),
            position[1] + s * shift.x() + c * shift.y(),
            position[2] + shift.z()));
    mjcf.set("body", "hand", "quat", Mjcf.text(Math.cos(halfYaw), 0, 0, Math.sin(halfYaw)));
  }

  private static void mountCamera(Mjcf mjcf, MountShift shift) {
    RigidTransform pose = cameraPose(mjcf).then(RigidTransform.of(shift));
    double[] r = pose.rotation();
    mjcf.set("camera", SCENE_CAMERA, "pos", Mjcf.text(pose.translation()));
    mjcf.set("camera", SCENE_CAMERA, "xyaxes", Mjcf.text(r[0], r[3], r[6], r[1], r[4], r[7]));
  }

  /** Gram-Schmidt on the two axes, as MuJoCo does. */
  private static RigidTransform cameraPose(Mjcf mjcf) {
    double[] axes = mjcf.numbers("camera", SCENE_CAMERA, "xyaxes");
    double[] x = unit(axes[0], axes[1], axes[2]);
    double along = x[0] * axes[3] + x[1] * axes[4] + x[2] * axes[5];
    double[] y = unit(axes[3] - along * x[0], axes[4] - along * x[1], axes[5] - along * x[2]);
    return new RigidTransform(
        new double[] {
          x[0], y[0], x[1] * y[2] - x[2] * y[1],
          x[1], y[1], x[2] * y[0] - x[0] * y[2],
          x[2], y[2], x[0] * y[1] - x[1] * y[0]
        },
        mjcf.numbers("camera", SCENE_CAMERA, "pos"));
  }

  private static double[] unit(double x, double y, double z) {
    double length = Math.sqrt(x * x + y * y + z * z);
    return new double[] {x / length, y / length, z / length};
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }
}

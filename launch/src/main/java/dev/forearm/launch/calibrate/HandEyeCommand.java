package dev.forearm.launch.calibrate;

import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.Placement;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.handeye.Freedom;
import dev.forearm.calibration.handeye.HandEyeFinding;
import dev.forearm.launch.Output;
import dev.forearm.runtime.robot.Robot;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm calibrate hand-eye}. */
@Command(
    name = "hand-eye",
    mixinStandardHelpOptions = true,
    description = {
      "Find where a camera stands on the tool or before the base, from 8 or more poses, better 20,",
      "that turn about all of the camera's axes. Joint offsets are solved for with it, as far as",
      "the poses show them; 'calibrate joints' writes those."
    })
final class HandEyeCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private HandEyeRun run;

  @Option(
      names = "--refine-intrinsics",
      description = "Adjust the camera's own numbers too, near those of the file.")
  private boolean refine;

  @Override
  public Integer call() {
    Robot robot = run.file.robot();
    Calibration before = run.file.read();
    Set<Freedom> freedoms = EnumSet.of(Freedom.JOINT_OFFSETS);
    if (refine) {
      freedoms.add(Freedom.INTRINSICS);
    }
    HandEyeFinding found = run.found(before, freedoms);
    String mount =
        switch (run.mounting()) {
          case EYE_IN_HAND -> robot.toolFrame();
          case EYE_TO_HAND -> robot.baseFrame();
        };
    RigidTransform place = found.mountFromCamera(mount, run.camera);
    System.out.printf(
        Locale.ROOT,
        "%s in %s  %.2f %.2f %.2f mm  wxyz %.5f %.5f %.5f %.5f%n",
        run.camera,
        mount,
        1e3 * place.x(),
        1e3 * place.y(),
        1e3 * place.z(),
        place.rotation().w(),
        place.rotation().x(),
        place.rotation().y(),
        place.rotation().z());
    Placement placement =
        new Placement(
            place,
            Optional.of(
                new Placement.Quality(
                    found.errorMm(),
                    found.errorDeg(),
                    found.heldOutMm(),
                    found.heldOutDeg(),
                    found.heldOutPx())));
    Calibration after = before.with(placement, CalibrationFileOptions.today());
    if (refine) {
      CalibratedCamera given = before.camera(run.camera);
      after =
          after.with(
              new CalibratedCamera(
                  given.name(), found.camera(), found.noise().cornerPx(), given.heldOutPx()),
              CalibrationFileOptions.today());
    }
    Map<String, Object> report = run.report(found, run.file.write(after));
    report.put("mount", mount);
    report.put("origin_m", List.of(place.x(), place.y(), place.z()));
    report.put(
        "rotation_wxyz",
        List.of(
            place.rotation().w(),
            place.rotation().x(),
            place.rotation().y(),
            place.rotation().z()));
    output.write(report);
    return 0;
  }
}

package dev.forearm.launch.calibrate;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.IntrinsicsCalibration;
import dev.forearm.calibration.camera.IntrinsicsFinding;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.camera.ViewSpread;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.launch.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm calibrate intrinsics}. */
@Command(
    name = "intrinsics",
    mixinStandardHelpOptions = true,
    description = {
      "Find a camera's focal lengths, principal point and distortion from 8 or more pictures of a",
      "board, better 20: tilted by 20 to 40 degrees, and near the picture's edges too."
    })
final class IntrinsicsCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private CalibrationFileOptions file;
  @Mixin private CaptureOptions captures;

  @Option(
      names = "--camera",
      required = true,
      paramLabel = "NAME",
      description = "The camera's frame, as the file is to name it.")
  private String camera = "";

  @Override
  public Integer call() {
    Calibration before = file.read();
    Board board = captures.board();
    CaptureOptions.Seen seen =
        captures.look(
            file.robot(),
            false,
            null,
            (taken, width, height) ->
                ViewSpread.of(board, taken.stream().map(Capture::view).toList(), width, height)
                    .advice());
    IntrinsicsFinding found =
        IntrinsicsCalibration.of(board, seen.views(), seen.width(), seen.height());
    found
        .leftOut()
        .forEach(one -> System.out.println("left out  " + one.name() + ": " + one.why()));
    PinholeCamera c = found.camera();
    System.out.printf(
        Locale.ROOT,
        "%s  focal %.2f %.2f px  centre %.2f %.2f px  k1 %.4f k2 %.4f p1 %.5f p2 %.5f k3 %.4f%n",
        camera,
        c.fx(),
        c.fy(),
        c.cx(),
        c.cy(),
        c.k1(),
        c.k2(),
        c.p1(),
        c.p2(),
        c.k3());
    System.out.printf(
        Locale.ROOT,
        "residual %.3f px, held out %.3f px, %s views, corners cover %.0f %% of the picture%n",
        found.residualPx(),
        found.heldOutPx(),
        found.used().size(),
        100 * found.coverage());
    Calibration after =
        file.write(
            before.with(
                new CalibratedCamera(camera, c, found.residualPx(), found.heldOutPx()),
                CalibrationFileOptions.today()));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("camera", camera);
    report.put("focal_px", List.of(c.fx(), c.fy()));
    report.put("centre_px", List.of(c.cx(), c.cy()));
    report.put("plumb_bob", List.of(c.k1(), c.k2(), c.p1(), c.p2(), c.k3()));
    report.put("residual_px", found.residualPx());
    report.put("held_out_px", found.heldOutPx());
    report.put("coverage", found.coverage());
    report.put("views", found.used().size());
    report.put("left_out", found.leftOut().stream().map(one -> one.name()).toList());
    report.put("calibration_sha256", after.sha256());
    output.write(report);
    return 0;
  }
}

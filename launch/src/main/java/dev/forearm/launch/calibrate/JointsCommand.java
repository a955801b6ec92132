package dev.forearm.launch.calibrate;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.JointOffset;
import dev.forearm.calibration.handeye.Freedom;
import dev.forearm.calibration.handeye.HandEyeFinding;
import dev.forearm.launch.Output;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code forearm calibrate joints}. */
@Command(
    name = "joints",
    mixinStandardHelpOptions = true,
    description = {
      "Find what joints read wrong, from 20 or more poses before a board, better 40. The first and",
      "the last joint turn as another base and another tool would: nothing tells those apart."
    })
final class JointsCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private HandEyeRun run;

  @Override
  public Integer call() {
    Calibration before = run.file.read();
    HandEyeFinding found = run.found(before, EnumSet.of(Freedom.JOINT_OFFSETS));
    HandEyeRun.tellOffsets(found);
    List<JointOffset> offsets =
        found.offsets().stream()
            .filter(offset -> offset.errorRad() > 0)
            .map(offset -> new JointOffset(offset.joint(), offset.rad(), offset.errorRad()))
            .toList();
    Map<String, Object> report =
        run.report(
            found, run.file.write(before.withJoints(offsets, CalibrationFileOptions.today())));
    Map<String, Object> joints = new LinkedHashMap<>();
    offsets.forEach(offset ->
        joints.put(
            offset.joint(),
            List.of(Math.toDegrees(offset.offset()), Math.toDegrees(offset.error()))));
    report.put("offsets_deg_and_error_deg", joints);
    output.write(report);
    return 0;
  }
}

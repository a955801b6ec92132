package dev.forearm.launch.calibrate;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.Placement;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.mcap.McapReader;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm calibrate check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Say what a calibration file has, how old and how good it is, and its SHA-256; fail where it",
      "is worse than it should be, or is not the one that a bundle or an episode names."
    })
final class CheckCommand implements Callable<Integer> {
  private static final double HELD_OUT_MAX_PX = 0.5; // of intrinsics
  private static final double ERROR_MAX_MM = 1;
  private static final double ERROR_MAX_DEG = 0.1;
  private static final double JOINT_ERROR_MAX_DEG = 0.05;
  private static final double LATENCY_ERROR_MAX_MS = 2;
  private static final long AGE_MAX_DAYS = 180;

  @Mixin private Output output;
  @Mixin private CalibrationFileOptions file;

  @Option(names = "--bundle", paramLabel = "BUNDLE", description = "That is to run with it.")
  private @Nullable String bundle;

  @Option(names = "--episode", paramLabel = "FILE", description = "That is said to be of it.")
  private @Nullable Path episode;

  private final List<String> problems = new ArrayList<>();

  @Override
  public Integer call() {
    Calibration calibration = file.read();
    if (calibration.sha256().isEmpty()) {
      throw new LaunchFailure(
          "calibrate check: found no such file; write one with 'forearm calibrate intrinsics'");
    }
    System.out.printf(
        "robot %s, measured %s, sha256 %s%n",
        calibration.robot(), calibration.measured(), calibration.sha256());
    age(calibration.measured());
    calibration
        .cameras()
        .forEach(camera ->
            judge("camera " + camera.name(), camera.heldOutPx(), HELD_OUT_MAX_PX, "px held out"));
    calibration.placements().forEach(this::judge);
    calibration
        .joints()
        .forEach(joint ->
            judge(
                "joint " + joint.joint(),
                Math.toDegrees(joint.error()),
                JOINT_ERROR_MAX_DEG,
                "deg standard error"));
    calibration
        .latencies()
        .forEach(late ->
            judge(
                "latency of " + late.signal(),
                late.errorMillis(),
                LATENCY_ERROR_MAX_MS,
                "ms standard error"));
    String given = bundle;
    if (given != null) {
      try (Bundle wanting = BundleReader.read(House.bundle(given), Trust.anyone())) {
        same("bundle " + given, wanting.manifest().calibrationSha256(), calibration);
      }
    }
    Path recorded = episode;
    if (recorded != null) {
      try (McapReader reader = McapReader.open(recorded)) {
        Map<String, String> info = reader.metadata(EpisodeInfo.RECORD);
        same(
            "episode " + recorded,
            Optional.ofNullable(info.get(EpisodeInfo.CALIBRATION)),
            calibration);
      }
    }
    problems.forEach(problem -> System.out.println("not good enough: " + problem));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("calibration_sha256", calibration.sha256());
    report.put("measured", calibration.measured());
    report.put("problems", problems);
    output.write(report);
    return problems.isEmpty() ? 0 : 1;
  }

  private void age(String measured) {
    try {
      long days = ChronoUnit.DAYS.between(LocalDate.parse(measured), LocalDate.now(ZoneOffset.UTC));
      if (days > AGE_MAX_DAYS) {
        problems.add(
            "it is %s days old, wanted %s or fewer; calibrate again".formatted(days, AGE_MAX_DAYS));
      }
    } catch (DateTimeParseException e) {
      problems.add("it was measured '%s', wanted a date such as 2026-11-28".formatted(measured));
    }
  }

  private void judge(Placement placement) {
    String what = placement.transform().from() + " in " + placement.transform().to();
    placement
        .quality()
        .ifPresentOrElse(
            known -> {
              judge(what, known.errorMm(), ERROR_MAX_MM, "mm standard error");
              judge(what, known.errorDeg(), ERROR_MAX_DEG, "deg standard error");
            },
            () -> System.out.println(what + "  written by hand"));
  }

  private void judge(String what, double found, double bound, String unit) {
    String text =
        String.format(Locale.ROOT, "%s  %.3f %s, wanted %s or less", what, found, unit, bound);
    System.out.println(text);
    if (!(found <= bound)) {
      problems.add(text);
    }
  }

  private void same(String who, Optional<String> named, Calibration calibration) {
    if (named.isEmpty()) {
      System.out.println(who + "  names no calibration");
    } else if (named.get().equals(calibration.sha256())) {
      System.out.println(who + "  names this calibration");
    } else {
      problems.add("%s names %s, this is %s".formatted(who, named.get(), calibration.sha256()));
    }
  }
}

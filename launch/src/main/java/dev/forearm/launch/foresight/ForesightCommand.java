package dev.forearm.launch.foresight;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.ForesightFile;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.policy.ForesightReplay;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.foresight.ForesightLimits;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm foresight}. */
@Command(
    name = "foresight",
    mixinStandardHelpOptions = true,
    subcommands = ForesightCommand.Calibrate.class,
    description = "Find out how far a policy's imagined future may be from the real one.")
public final class ForesightCommand {

  /** {@code forearm foresight calibrate}. */
  @Command(
      name = "calibrate",
      mixinStandardHelpOptions = true,
      description = {
        "Replay episodes that succeeded through a bundle's world model and find the limits that so",
        "few of them exceed. Calibrate on episodes that the bundle itself drove: of others, the",
        "rate says nothing. The bundle is left as it is."
      })
  static final class Calibrate implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--bundle",
        required = true,
        description = "Policy bundle, or the name of one that comes with Forearm.")
    private String bundle;

    @Option(
        names = "--robot",
        defaultValue = "tabletop",
        description = "Robot file, or the name of one (default: ${DEFAULT-VALUE}).")
    private String robot;

    @Option(
        names = "--episodes",
        required = true,
        arity = "1..*",
        paramLabel = "DIR",
        description = "Folders of episodes, or single files.")
    private List<Path> places;

    @Option(
        names = "--false-stops",
        defaultValue = "0.05",
        paramLabel = "RATE",
        description = "Fraction of good episodes that may be stopped (default: ${DEFAULT-VALUE}).")
    private double falseStops;

    @Option(
        names = {"-o", "--out"},
        required = true,
        paramLabel = "OUT",
        description = "FILE.yaml for the limits alone, or a folder for the bundle with them.")
    private Path out;

    @Override
    public Integer call() {
      if (!(falseStops > 0 && falseStops < 1)) {
        throw new LaunchFailure("--false-stops %s: wanted between 0 and 1".formatted(falseStops));
      }
      try (BundlePolicy policy = BundlePolicy.load(House.bundle(bundle), House.robot(robot))) {
        ForesightReplay replay = new ForesightReplay(policy);
        for (Path place : places) {
          for (Path file : EpisodeReader.files(place)) {
            replay.add(EpisodeReader.read(file));
          }
        }
        ForesightCalibration calibration = replay.calibration();
        ForesightLimits limits = calibration.limits(falseStops);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("bundle", policy.bundle().manifest().name());
        report.put("episodes", calibration.episodes());
        report.put("episodes_without_success", replay.skipped());
        report.put("false_stops", falseStops);
        report.put("held_out_false_stops", heldOut(calibration));
        report.put("realised", limits.realised());
        report.put("spread", limits.spread());
        if (out.toString().endsWith(".yaml")) {
          ForesightFile.write(limits, policy.bundle(), out);
        } else {
          Map<String, String> madeBy =
              Map.of(
                  "command",
                  "forearm foresight calibrate",
                  "episodes",
                  Integer.toString(calibration.episodes()));
          BundleWriter.writeCalibrated(policy.bundle(), limits, out, madeBy);
        }
        report.put("out", out.toString());
        report.forEach((key, value) -> System.out.printf("%-26s %s%n", key, value));
        output.write(report);
      }
      return 0;
    }

    /** Null where there are too few episodes for halves. */
    private @Nullable Double heldOut(ForesightCalibration calibration) {
      try {
        return calibration.heldOutFalseStops(falseStops);
      } catch (RuntimeFault tooFew) {
        return null;
      }
    }
  }
}

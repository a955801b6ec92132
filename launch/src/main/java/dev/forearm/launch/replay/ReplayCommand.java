package dev.forearm.launch.replay;

import dev.forearm.launch.ActuatorOptions;
import dev.forearm.launch.ForesightOption;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.ProviderOptions;
import dev.forearm.launch.SkipStepsOption;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Run what a recorded episode's loops went by through the same code again.",
      "Exits 0 if every chunk and every command comes out bit for bit; otherwise tells the cycle",
      "and the signal that differ first."
    })
public final class ReplayCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private ActuatorOptions actuators;
  @Mixin private ForesightOption foresight;
  @Mixin private SkipStepsOption skipSteps;
  @Mixin private ProviderOptions providers;

  @Parameters(paramLabel = "EPISODE", description = "An episode's file.")
  private Path file;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm (default: the name that the episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--bundle",
      description =
          "Policy bundle (default: the name that the episode has). Another hash than the episode's is said.")
  private @Nullable String bundle;

  @Option(
      names = "--policies",
      paramLabel = "SHELF",
      description =
          "Shelf of policies where the bundles are that drove, by their hash: of an episode with swaps.")
  private @Nullable Path shelf;

  @Option(
      names = "--explain",
      paramLabel = "CYCLE",
      description = {
        "Tell where a control cycle's command came from, counted from 1: the policy, what it saw",
        "and when, how long it took, what foresight said, and what safety made of it."
      })
  private long asked;

  @Override
  public Integer call() {
    Map<String, String> info = info();
    Robot robot = skipSteps.of(House.robot(robotName, info));
    ReplayResult result;
    try (Mind mind = mind(info, robot)) {
      String sha256 = info.getOrDefault("bundle_sha256", "");
      if (!mind.sha256().equals(sha256)) {
        System.out.printf(
            "policy     %s is %s, the episode's was %s%n", mind.name(), mind.sha256(), sha256);
      }
      result = Replay.of(file, robot, mind, other -> successor(other, info, mind, robot), asked);
    }
    if (asked > 0) {
      System.out.println(
          result
              .explanation()
              .orElseThrow(() ->
                  new LaunchFailure(
                      "--explain %s: the replay came to %s cycles%s"
                          .formatted(asked, result.cycles(), difference(result)))));
    }
    System.out.printf(
        "%s      %s cycles, %s commands, %s chunks%s%n",
        result.difference().isEmpty() ? "equal" : "DIFFERS",
        result.cycles(),
        result.commands(),
        result.chunks(),
        difference(result));
    if (result.skipped() > 0) {
      System.out.printf(
          "not replayed: the first %s cycles, which went on from before the file%n",
          result.skipped());
    }
    output.write(report(result));
    return result.difference().isEmpty() ? 0 : 1;
  }

  private Mind mind(Map<String, String> info, Robot robot) {
    String there = info.get(Mind.PROVIDERS);
    if (there != null) {
      System.out.println("provider   the episode's " + there);
    }
    String place =
        bundle != null
            ? bundle
            : onShelf(info.getOrDefault("bundle_sha256", "")).map(Path::toString).orElse(null);
    return ready(ReplayedMind.of(info, place, robot, providers.choice()), robot);
  }

  private Optional<Mind> successor(
      String sha256, Map<String, String> info, Mind first, Robot robot) {
    return onShelf(sha256)
        .map(place -> ReplayedMind.successor(place, info, first, robot, providers.choice()))
        .map(mind -> ready(mind, robot));
  }

  private Mind ready(Mind mind, Robot robot) {
    return actuators.adapted(foresight.of(providers.told(mind, System.out::println)), robot);
  }

  private Optional<Path> onShelf(String sha256) {
    if (shelf == null) {
      return Optional.empty();
    }
    PolicyShelf there = PolicyShelf.open(shelf);
    return there.versions().stream()
        .filter(version -> version.sha256().equals(sha256))
        .findFirst()
        .map(there::bundle);
  }

  private static String difference(ReplayResult result) {
    return result.difference().map(first -> "; " + first).orElse("");
  }

  private Map<String, String> info() {
    try (McapReader episode = McapReader.open(file)) {
      return episode.metadata(EpisodeInfo.RECORD);
    }
  }

  private static Map<String, Object> report(ReplayResult result) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("equal", result.difference().isEmpty());
    report.put("cycles", result.cycles());
    report.put("skipped_cycles", result.skipped());
    report.put("commands", result.commands());
    report.put("chunks", result.chunks());
    result
        .difference()
        .ifPresent(first -> {
          report.put("differs_at_cycle", first.cycle());
          report.put("differs_at_nanos", first.nanos());
          report.put("differs_in", first.signal());
          report.put("replayed", first.replayed());
          report.put("recorded", first.recorded());
        });
    return report;
  }
}

package dev.forearm.launch.episodes;

import dev.forearm.launch.Output;
import dev.forearm.runtime.episode.EpisodeRecovery;
import dev.forearm.runtime.episode.EpisodeRecovery.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes repair}. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Finish what a recorder that died left open, as a recorder does that starts in its folder: all",
      "up to the last whole chunk. Of a folder every NAME.mcap.open; of a damaged or cut NAME.mcap",
      "a copy without the damage, NAME.recovered.mcap.",
      "Exits 1 if something could not be repaired."
    })
final class RepairCommand implements Callable<Integer> {
  @Parameters(paramLabel = "EPISODE|FOLDER", arity = "1..*", description = "What to repair.")
  private List<Path> places;

  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Result> results = new ArrayList<>();
    for (Path place : places) {
      results.addAll(
          Files.isDirectory(place)
              ? EpisodeRecovery.recoverFolder(place)
              : List.of(EpisodeRecovery.recover(place)));
    }
    results.forEach(result -> System.out.println(result.message()));
    System.out.printf("looked at %s unfinished episodes%n", results.size());
    output.write(Map.of("repaired", results.stream().map(Result::message).toList()));
    return results.stream().allMatch(RepairCommand::isWhole) ? 0 : 1;
  }

  private static boolean isWhole(Result result) {
    return switch (result) {
      case Result.Whole _, Result.Recovered _ -> true;
      case Result.Unreadable _, Result.InUse _, Result.Failed _ -> false;
    };
  }
}

package dev.forearm.launch.swap;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Mind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a robot's policy comes from, if it may change while the robot runs. */
public final class SwapOptions {
  @Option(
      names = "--policies",
      paramLabel = "SHELF",
      description = {
        "Drive with the active version of this shelf, in place of --bundle, and take over what",
        "becomes active there, or what 'forearm swap' or the topic forearm/swap names."
      })
  private @Nullable Path shelf;

  @Option(
      names = "--probation",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = {
        "Watch a new policy for so long, and take it back if it does worse than the one before;",
        "0: not at all (default: ${DEFAULT-VALUE})."
      })
  private double probationSeconds;

  /**
   * The shelf, watched; empty if none is named.
   *
   * @param bundle what {@code --bundle} says, if it says anything
   * @param loader loads a bundle for the robot, or throws what is wrong with it
   * @throws LaunchFailure if both are given
   * @throws dev.forearm.models.ModelsFault if there is no such shelf, or nothing active on it
   */
  public Optional<Policies> policies(@Nullable String bundle, Function<Path, Mind> loader) {
    if (shelf != null && bundle != null) {
      throw new LaunchFailure(
          "found --bundle %s and --policies %s, wanted one of them: the shelf's active version drives"
              .formatted(bundle, shelf));
    }
    if (!(probationSeconds >= 0 && probationSeconds <= 86_400)) {
      throw new LaunchFailure(
          "--probation %s: wanted seconds, up to a day, or 0 for none".formatted(probationSeconds));
    }
    return Optional.ofNullable(shelf).map(folder -> Policies.of(folder, probationSeconds, loader));
  }
}

package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.ForesightFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which limits a bundle's foresight is judged. */
public final class ForesightOption {
  @Option(
      names = "--foresight",
      paramLabel = "FILE",
      description = "Limits from 'foresight calibrate', in the place of the bundle's.")
  private @Nullable Path file;

  /**
   * The mind with the limits that were asked for. It takes this one's place.
   *
   * @throws LaunchFailure if it is no bundle's
   * @throws dev.forearm.runtime.RuntimeFault if the file is not the bundle's
   */
  public Mind of(Mind mind) {
    if (file == null) {
      return mind;
    }
    try {
      Bundle bundle =
          mind.bundle()
              .orElseThrow(() ->
                  new LaunchFailure(
                      "--foresight %s: '%s' is no bundle and has no foresight; leave it out"
                          .formatted(file, mind.name())));
      return mind.foreseeing(Optional.of(ForesightFile.read(file, bundle)));
    } catch (RuntimeException e) {
      mind.close();
      throw e;
    }
  }
}

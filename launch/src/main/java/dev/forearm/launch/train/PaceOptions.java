package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.train.Pace;
import dev.forearm.runtime.ffi.LinuxScheduling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of the machine training may take. */
public final class PaceOptions {
  @Option(names = "--cores", split = ",", description = "Processors to stay on, such as 2,3.")
  private int @Nullable [] cores;

  @Option(
      names = "--share",
      defaultValue = "1",
      description = "Most of the time to work, above 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double share;

  /**
   * The pace, on the processors that were named.
   *
   * @throws LaunchFailure if the system refuses these
   */
  public Pace pace() {
    Pace pace = new Pace(share);
    if (cores != null && !(LinuxScheduling.available() && LinuxScheduling.processStaysOn(cores))) {
      throw new LaunchFailure(
          "--cores: the system refuses these processors; name some that are there, or leave it out");
    }
    return pace;
  }
}

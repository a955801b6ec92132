package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.models.ort.ProviderChoice;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** On what a policy's graphs are computed. */
public final class ProviderOptions {
  @Option(
      names = "--provider",
      paramLabel = "auto|cpu|cuda[:DEVICE]",
      defaultValue = "cpu",
      description = {
        "What computes the policy's graphs. auto: each on what is faster with it here, found out",
        "before it drives, and said (default: ${DEFAULT-VALUE})."
      })
  private String provider = "cpu";

  @Option(
      names = "--cuda-memory",
      paramLabel = "MIB",
      defaultValue = "4096",
      description = "Most that a graph may take of a GPU's memory (default: ${DEFAULT-VALUE}).")
  private int cudaMemoryMib = 4096;

  /**
   * What was asked for.
   *
   * @throws LaunchFailure if it is nothing of the kind
   */
  public ProviderChoice choice() {
    try {
      return ProviderChoice.parse(provider, (long) cudaMemoryMib << 20);
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** Says what computes the graphs, unless it is the CPU because nothing else was asked for. */
  public Mind told(Mind mind, Consumer<String> say) {
    if (!(choice() instanceof ProviderChoice.Cpu)) {
      mind.placements().forEach(placement -> say.accept("provider   " + placement));
    }
    return mind;
  }
}

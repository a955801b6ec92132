package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import java.util.Map;
import java.util.Optional;

/**
 * Rows to learn from, before it is known which of them the loss wants.
 *
 * @param name what messages call it, for example the file
 * @param arrays by name of the graph's input, with or without the prefix {@code in.}, rows first
 * @param weight share of the rows of a batch, relative to the other sources; above 0
 */
public record DataSource(String name, Map<String, HostTensor> arrays, double weight) {
  private static final String INPUT_PREFIX = "in.";

  public DataSource {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight of %s is %s, wanted above 0".formatted(name, weight));
    }
  }

  /** The array for an input. */
  public Optional<HostTensor> array(String input) {
    return Optional.ofNullable(arrays.get(INPUT_PREFIX + input))
        .or(() -> Optional.ofNullable(arrays.get(input)));
  }

  /**
   * What a training graph takes of it.
   *
   * @param inputs of the graph
   * @throws ModelsFault if nothing fits
   */
  Mixture.Part part(Map<String, TensorType> inputs) {
    return new Mixture.Part(Examples.of(name, arrays, inputs), weight);
  }
}

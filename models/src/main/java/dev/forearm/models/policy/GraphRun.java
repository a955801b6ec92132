package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.ort.Binding;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.ort.TensorInfo;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A session with one preallocated FLOAT32 tensor bound to each input and output, batch 1, but for
 * images, which are bound where they lie.
 */
final class GraphRun implements AutoCloseable {
  private final InferenceSession session;
  private final Binding binding;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final ImageInputs images;

  /**
   * Opens a half and binds it.
   *
   * @param inputs wanted shapes by input name
   * @param seen image features, which are inputs too
   * @param outputs wanted shapes by output name
   * @throws ModelsFault if the graph's inputs and outputs are not exactly these
   */
  GraphRun(
      Bundle bundle,
      Bundle.Half half,
      OrtRuntime ort,
      SessionOptions options,
      Map<String, long[]> inputs,
      List<Feature> seen,
      Map<String, long[]> outputs) {
    images = new ImageInputs(ort, seen);
    session = bundle.open(ort, half, options);
    binding = session.bind();
    try {
      Map<String, long[]> all = new LinkedHashMap<>(inputs);
      all.putAll(images.shapes());
      require("input", session.inputs(), all);
      require("output", session.outputs(), outputs);
      inputs.forEach((name, shape) -> binding.input(name, allocate(ort, name, shape)));
      outputs.forEach((name, shape) -> binding.output(name, allocate(ort, name, shape)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }

  /** Has the next runs look at these pictures, in the order of the features. */
  void look(List<ImageTensor> pictures) {
    images.bind(binding, pictures);
  }

  void run() {
    binding.run();
  }

  @Override
  public void close() {
    binding.close();
    session.close();
    tensors.values().forEach(Tensor::close);
    images.close();
  }

  private Tensor allocate(OrtRuntime ort, String name, long[] shape) {
    Tensor tensor = ort.allocate(ElementType.FLOAT32, shape);
    tensors.put(name, tensor);
    return tensor;
  }

  private void require(String role, List<TensorInfo> found, Map<String, long[]> wanted) {
    boolean fits = found.size() == wanted.size();
    for (TensorInfo info : found) {
      long[] shape = wanted.get(info.name());
      fits = fits && shape != null && info.admits(ElementType.FLOAT32, boxed(shape));
    }
    if (!fits) {
      List<String> texts = new ArrayList<>();
      wanted.forEach((name, shape) -> texts.add(name + ": FLOAT32 " + boxed(shape)));
      throw new ModelsFault(
          "%s: found %ss %s, wanted %s as bundle.yaml describes them; export it again"
              .formatted(session.name(), role, found, texts));
    }
  }

  private static List<Long> boxed(long[] shape) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(size);
    }
    return sizes;
  }
}

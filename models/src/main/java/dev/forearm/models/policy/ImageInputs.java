package dev.forearm.models.policy;

import dev.forearm.models.ort.Binding;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.HostBinding;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Tensor;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The image inputs of a graph: float32 [1, channel, height, width], called as their features. A
 * picture is bound where the receive thread put it, never copied. Owned by the inference thread;
 * allocates nothing once it has seen the few tensors that go round.
 */
final class ImageInputs implements AutoCloseable {
  private final OrtRuntime ort;
  private final List<Feature> features;
  private final List<Binding.Input> inputs;
  private final Map<ImageTensor, Tensor> tensors = new HashMap<>();
  private final List<ImageTensor> black = new ArrayList<>();

  ImageInputs(OrtRuntime ort, List<Feature> features) {
    this.ort = ort;
    this.features = features;
    inputs = features.stream().map(feature -> new Binding.Input(feature.name())).toList();
  }

  /** Shapes by input name. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Feature feature : features) {
      shapes.put(feature.name(), shape((Source.Image) feature.source()));
    }
    return shapes;
  }

  /** Has the next run look at black pictures. */
  void blank(HostBinding binding) {
    if (!inputs.isEmpty()) {
      if (black.isEmpty()) {
        black.addAll(
            features.stream()
                .map(feature -> new ImageTensor((Source.Image) feature.source()))
                .toList());
      }
      bind(binding, black);
    }
  }

  /** Has the next run look at these pictures, in the order of the features. */
  void bind(HostBinding binding, List<ImageTensor> pictures) {
    for (int i = 0; i < inputs.size(); i++) {
      ImageTensor picture = pictures.get(i);
      Tensor tensor = tensors.get(picture);
      if (tensor == null) {
        tensor = ort.wrap(picture.values(), ElementType.FLOAT32, shape(picture.source()));
        tensors.put(picture, tensor);
      }
      binding.show(inputs.get(i), tensor);
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }

  private static long[] shape(Source.Image image) {
    return new long[] {1, image.channelCount(), image.height(), image.width()};
  }
}

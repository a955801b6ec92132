package dev.forearm.bench;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.List;

/**
 * A policy of the size people fine-tune, with random weights: ResNet-18 over one camera image, a
 * transformer over its feature map, a chunk of actions. 50 M parameters, as ACT has them (Zhao et
 * al. 2023). Input {@code image} [batch, 3, 224, 224], output {@code actions} [batch, 56]: four
 * steps of 14 joints. The last two transformer layers and the head are named {@code top.*}.
 */
final class LargePolicy {
  static final int IMAGE = 224;
  static final int ACTIONS = 56;

  /** Weights to train: the last two layers and the head. */
  static final String LAST_LAYERS = "top.*";

  private static final int WIDTH = 512;
  private static final int HEADS = 8;
  private static final int LAYERS = 12;
  private static final int TOP_LAYERS = 2;
  private static final int TOKENS = 49;

  private LargePolicy() {}

  /**
   * The graph and its size.
   *
   * @param parameters trainable scalars; running statistics of batch norm not counted
   */
  record Built(Graph graph, long parameters) {}

  static Built build() {
    Layers layers = new Layers("large policy");
    GraphBuilder o = layers.o;
    Dim batch = new Dim.Symbol("batch");
    List<Dim> shape = List.of(batch, Dim.of(3), Dim.of(IMAGE), Dim.of(IMAGE));
    String x = layers.resnet18(o.input("image", new TensorType(ElementType.FLOAT32, shape)));
    x = o.transpose(o.reshape(x, 0, WIDTH, TOKENS), 0, 2, 1);
    x = o.add(x, layers.weight("position", 1, TOKENS, WIDTH));
    for (int i = 0; i < LAYERS; i++) {
      int above = i - (LAYERS - TOP_LAYERS);
      String name = above < 0 ? "encoder." + i : "top." + above;
      x = layers.transformer(name, x, TOKENS, WIDTH, HEADS, 4 * WIDTH);
    }
    x = o.mean(layers.norm("top.norm", x, WIDTH), false, 1);
    o.output("actions", layers.linear("top.head", x, WIDTH, ACTIONS));
    return new Built(o.graph(), layers.parameters());
  }
}

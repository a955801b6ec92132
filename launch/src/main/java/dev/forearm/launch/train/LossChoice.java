package dev.forearm.launch.train;

import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.Locale;

/** Losses that {@code --loss} names; {@code target} is an input shaped as the first output. */
enum LossChoice {
  /** Mean of squared differences. */
  MSE,
  /** Mean Huber loss: squared up to a difference of 1, linear beyond. */
  HUBER;

  /** Appends the loss to a graph and returns its name. */
  String append(GraphBuilder builder) {
    String prediction = builder.graph().outputs().keySet().iterator().next();
    String target = builder.input(TrainableGraph.TARGET, builder.types().type(prediction));
    String difference = builder.sub(prediction, target);
    return switch (this) {
      case MSE -> builder.average(builder.square(difference));
      case HUBER -> {
        String size = builder.op("Abs", difference);
        String near = builder.op("Min", size, builder.number(1, size));
        // near^2 / 2 + (size - near): both halves of Huber's loss, without a branch.
        yield builder.average(
            builder.add(builder.scale(builder.square(near), 0.5), builder.sub(size, near)));
      }
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

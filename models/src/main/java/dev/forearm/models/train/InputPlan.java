package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * One data input with the shape it has during a run: open dimensions are the batch, and the first
 * dimension is the batch of every input that comes from examples.
 */
record InputPlan(String name, ElementType type, List<Long> shape) {

  /**
   * Shapes of all data inputs.
   *
   * @throws ModelsFault if the graph's batch is fixed at another size than the settings say, or a
   *     generated input is not float32
   */
  static List<InputPlan> of(
      InferenceSession session, ParameterLayout layout, TrainingSettings settings) {
    List<InputPlan> plans = new ArrayList<>();
    for (TensorInfo input : TrainingGraph.dataInputs(session, layout)) {
      boolean generated = settings.generated().containsKey(input.name());
      if (generated && input.type() != ElementType.FLOAT32) {
        throw new ModelsFault(
            "training graph %s: generated input %s, wanted FLOAT32; feed it from the examples"
                .formatted(session.name(), input));
      }
      List<Long> shape =
          input.dimensions().stream()
              .map(size -> size < 0 ? (Long) (long) settings.microBatchRows() : size)
              .toList();
      if (!generated && (shape.isEmpty() || shape.getFirst() != settings.microBatchRows())) {
        throw new ModelsFault(
            "training graph %s: input %s, wanted %s rows in its first dimension; set the rows of a"
                    .formatted(session.name(), input, settings.microBatchRows())
                + " micro-batch to that, or give the input a fixed value");
      }
      plans.add(new InputPlan(input.name(), input.type(), shape));
    }
    for (String name : settings.generated().keySet()) {
      if (plans.stream().noneMatch(plan -> plan.name().equals(name))) {
        throw new ModelsFault(
            "training graph %s: found data inputs %s, wanted one named '%s' to generate"
                .formatted(session.name(), plans.stream().map(InputPlan::name).toList(), name));
      }
    }
    return plans;
  }

  /**
   * Checks that a store's column fits.
   *
   * @throws ModelsFault if type or row shape differ
   */
  void require(RowStore store) {
    RowStore.Column column = store.column(name);
    if (column.type() != type || !column.rowShape().equals(shape.subList(1, shape.size()))) {
      throw new ModelsFault(
          "rows of %s: array '%s' has rows of %s %s, wanted %s %s as the graph takes"
              .formatted(
                  store.name(),
                  name,
                  column.type(),
                  column.rowShape(),
                  type,
                  shape.subList(1, shape.size())));
    }
  }
}

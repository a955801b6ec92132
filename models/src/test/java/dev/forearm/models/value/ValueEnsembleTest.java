package dev.forearm.models.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.grad.HostRun;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ValueEnsembleTest {
  private static final int ROWS = 800;
  private static final int MEMBERS = 4;
  private static final long SEED = 3;

  /** Of rows: what each member says, and what they are sure of. */
  private static float[] scores(Graph trained, double disagreement, float... x) {
    Graph graph = new Graph("scores", 20);
    GraphBuilder o = new GraphBuilder(graph);
    String in = o.input("x", TensorType.of(ElementType.FLOAT32, x.length / 2, 2));
    String values = ValueEnsemble.append(o, in, 2, MEMBERS, SEED);
    o.output("score", ValueEnsemble.appendSure(o, values, disagreement));
    ValueEnsemble.adopt(graph, trained);
    HostTensor rows = HostTensor.ofFloats(new long[] {x.length / 2, 2}, x);
    try (HostRun run = new HostRun(graph)) {
      return Objects.requireNonNull(run.run(Map.of("x", rows)).get("score")).floats();
    }
  }

  /** It learns x0 x1 on [-1, 1] and is asked there, and far from there. */
  @Test
  void itIsSureWhereItHasLearnedAndUnsureElsewhere() {
    Random random = new Random(SEED);
    float[] x = new float[2 * ROWS];
    float[] values = new float[ROWS];
    for (int i = 0; i < x.length; i++) {
      x[i] = 2 * random.nextFloat() - 1;
    }
    for (int i = 0; i < ROWS; i++) {
      values[i] = x[2 * i] * x[2 * i + 1];
    }
    HostTensor rows = HostTensor.ofFloats(new long[] {ROWS, 2}, x);
    Graph trained = ValueEnsemble.train(rows, values, MEMBERS, 1500, SEED);

    float[] near = {0.5f, 0.5f, -0.6f, 0.4f, 0.8f, -0.8f};
    float[] sure = scores(trained, 1, near);
    for (int i = 0; i < sure.length; i++) {
      assertEquals(near[2 * i] * near[2 * i + 1], sure[i], 0.12);
    }
    float[] far = {6, -6};
    float least = scores(trained, 0, far)[0];
    assertTrue(scores(trained, 1, far)[0] < least - 0.3, "it is as sure far from what it learned");
    assertTrue(scores(trained, 2, far)[0] < scores(trained, 1, far)[0]);
  }
}

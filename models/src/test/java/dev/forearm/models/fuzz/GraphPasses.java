package dev.forearm.models.fuzz;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphPrinter;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.TypeTable;
import dev.forearm.models.ort.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that happens to a graph's bytes before ONNX Runtime sees them: reading, validation,
 * inlining, shape inference, lowering, differentiation, writing.
 */
final class GraphPasses {
  private static final String NAME = "fuzz.onnx";

  private GraphPasses() {}

  /**
   * Runs all passes over {@code onnx}, which claims to lie in {@code folder}.
   *
   * @return whether it was differentiated
   */
  static boolean run(Path folder, byte[] onnx) {
    return Fuzzed.refusesOrSucceeds(
        NAME,
        () -> {
          Path file = folder.resolve(NAME);
          Graph graph = OnnxReader.read(file, ByteBuffer.wrap(onnx));
          sameAgain(file, graph);
          new TypeTable(graph);
          TrainableGraph derived =
              TrainableGraph.derive(graph, GraphPasses::meanSquare, floating(graph), inputs(graph));
          mustRead(file, derived.graph());
        });
  }

  /** What was read must survive being written. */
  private static void sameAgain(Path file, Graph graph) {
    Graph again = mustRead(file, graph);
    String once = print(graph);
    String twice = print(again);
    if (!once.equals(twice)) {
      throw new AssertionError("read:\n" + once + "\nwritten and read again:\n" + twice);
    }
  }

  private static Graph mustRead(Path file, Graph graph) {
    byte[] written = OnnxWriter.bytes(graph);
    try {
      return OnnxReader.read(file, ByteBuffer.wrap(written));
    } catch (ModelsFault fault) {
      throw new AssertionError("a graph of our own is refused:\n" + print(graph), fault);
    }
  }

  /** Dimensions nobody named are numbered anew, StopGradient gets a domain where it has none. */
  private static String print(Graph graph) {
    return GraphPrinter.print(graph)
        .replaceAll("\\?[0-9]+", "?")
        .replace("forearm::StopGradient", "StopGradient");
  }

  private static List<String> floating(Graph graph) {
    return graph.initializers().entrySet().stream()
        .filter(entry -> entry.getValue().type() == ElementType.FLOAT32)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> inputs(Graph graph) {
    return graph.inputs().entrySet().stream()
        .filter(entry -> entry.getValue().type() == ElementType.FLOAT32)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String meanSquare(GraphBuilder builder) {
    String output = builder.graph().outputs().keySet().iterator().next();
    TensorType type = builder.types().type(output);
    String number = type.type().floating() ? output : builder.cast(output, ElementType.FLOAT32);
    return builder.average(builder.square(number));
  }
}

package dev.forearm.models.fuzz;

import java.nio.file.Path;

/**
 * Bytes that choose a graph: well-formed protobuf with known operators over values that exist, and
 * everything else about it wrong as often as right. Reaches what random protobuf seldom does: shape
 * rules, lowering and gradients.
 */
public final class GraphFuzz {
  private static final Path FOLDER = Path.of("/nowhere");

  private GraphFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    GraphPasses.run(FOLDER, new GraphGrammar(input).model().toByteArray());
  }
}

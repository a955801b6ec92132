package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Node;

/**
 * An operator between a wanted gradient and the loss that nobody has taught how to carry one.
 *
 * @param node where it stands
 * @param path the operators from there to the loss
 */
public record MissingRule(Node node, String path) {
  /** One line for people: operator, node and path. */
  public String message() {
    return "no gradient rule for " + node.label() + "; path to the loss: " + path;
  }

  ModelsFault fault(String source) {
    return new ModelsFault(
        "differentiate "
            + source
            + ": "
            + message()
            + "; "
            + remedy()
            + ", or train only what lies behind it");
  }

  private String remedy() {
    return switch (node.op()) {
      case "If" ->
          "its condition is known only at run time: export by tracing (dynamo=True) with the sizes"
              + " that decide it fixed";
      case "Loop", "Scan" ->
          "its number of turns is known only at run time: export by tracing (dynamo=True), or with"
              + " that size fixed, so that it can be written out turn by turn";
      case "SplitToSequence", "SequenceConstruct", "SequenceInsert", "SequenceErase" ->
          "its length or position is known only at run time: export with that size fixed";
      case "SequenceAt", "ConcatFromSequence" ->
          "its sequence or position is known only at run time: export with that size fixed";
      default -> "export without this operator";
    };
  }
}

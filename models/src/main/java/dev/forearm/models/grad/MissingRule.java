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
            + "; export without this operator or train only what lies behind it");
  }
}

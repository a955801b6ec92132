package dev.forearm.models.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model-local function: a named piece of graph that nodes call like an operator.
 *
 * @param inputs names of its parameters inside the body
 * @param outputs names of its results inside the body
 * @param attributes names of attributes a caller may give
 * @param defaults attributes a caller may leave out
 * @param opset version of ai.onnx that the body is written in
 */
record Function(
    String name,
    List<String> inputs,
    List<String> outputs,
    Set<String> attributes,
    Map<String, Attribute> defaults,
    List<Node> body,
    int opset) {

  /** What a node must carry to call a function. */
  static String key(String domain, String name, String overload) {
    return domain + "::" + name + (overload.isEmpty() ? "" : "::" + overload);
  }
}

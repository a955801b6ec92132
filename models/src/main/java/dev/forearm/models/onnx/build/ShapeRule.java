package dev.forearm.models.onnx.build;

/** Says what one operator's outputs are, from what is known of its inputs. */
@FunctionalInterface
interface ShapeRule {
  void infer(Inference c);
}

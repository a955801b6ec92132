package dev.forearm.models.grad;

import dev.forearm.models.onnx.build.GraphBuilder;

/** Carries the gradient of one node's outputs to its inputs. */
@FunctionalInterface
interface Rule {
  /**
   * Gives a gradient to each input that {@linkplain Backward#wants wants} one. It may have the
   * input's shape or any shape the input broadcasts to: the walk sums it up.
   */
  void flow(Backward b, GraphBuilder o);

  /** The gradient of one input. */
  @FunctionalInterface
  interface OfInput {
    String gradient(Backward b, GraphBuilder o);
  }

  /** A rule made of one expression an input, in input order. */
  static Rule of(OfInput... inputs) {
    return (b, o) -> {
      for (int i = 0; i < inputs.length; i++) {
        if (b.wants(i)) {
          b.give(i, inputs[i].gradient(b, o));
        }
      }
    };
  }

  /** The rule of y = f(x): the gradient is dy times {@code slope}. */
  static Rule ofSlope(OfInput slope) {
    return of((b, o) -> o.mul(b.dy(), slope.gradient(b, o)));
  }
}

package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule against PyTorch's gradients in float64; {@code operators.py} makes the files. */
final class OperatorGradientTest {
  private static final double WORST = 1e-4;

  static Stream<String> operators() {
    File folder =
        new File(
            Objects.requireNonNull(OperatorGradientTest.class.getResource("operators")).getPath());
    return Arrays.stream(Objects.requireNonNull(folder.list()))
        .map(file -> file.replace(".npz", ""))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void agreesWithPyTorchOnKnownShapes(String operator) throws IOException {
    check(operator, false);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void agreesWithPyTorchOnShapesKnownOnlyAtRunTime(String operator) throws IOException {
    check(operator, true);
  }

  private static void check(String operator, boolean symbolic) throws IOException {
    for (OperatorGolden golden : OperatorGolden.read(operator)) {
      double error = golden.worstError(symbolic);
      assertTrue(error < WORST, golden.name() + ": relative error " + error);
    }
  }
}

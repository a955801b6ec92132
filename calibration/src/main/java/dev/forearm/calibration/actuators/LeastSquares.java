package dev.forearm.calibration.actuators;

import java.util.HashMap;
import java.util.Map;

/** Weighted normal equations of three unknowns; one that no row tells of stays 0. */
final class LeastSquares {
  private static final int SIZE = 3;
  private static final double SINGULAR = 1e-12; // of the largest pivot

  private final double[][] normal = new double[SIZE][SIZE];
  private final Map<Integer, double[]> scores = new HashMap<>(); // by block

  void add(double[] row, double residual, double weight, int block) {
    double[] score = scores.computeIfAbsent(block, _ -> new double[SIZE]);
    for (int i = 0; i < SIZE; i++) {
      score[i] += weight * row[i] * residual;
      for (int j = 0; j < SIZE; j++) {
        normal[i][j] += weight * row[i] * row[j];
      }
    }
  }

  double[] solution() {
    double[] sum = new double[SIZE];
    for (double[] score : scores.values()) {
      for (int i = 0; i < SIZE; i++) {
        sum[i] += score[i];
      }
    }
    return times(inverse(), sum);
  }

  /** With blocks of rows that depend on each other; infinite for what no row tells of. */
  double[] standardErrors() {
    double[][] inverse = inverse();
    double[] errors = new double[SIZE];
    for (double[] score : scores.values()) {
      double[] influence = times(inverse, score);
      for (int i = 0; i < SIZE; i++) {
        errors[i] += influence[i] * influence[i];
      }
    }
    for (int i = 0; i < SIZE; i++) {
      errors[i] = inverse[i][i] == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(errors[i]);
    }
    return errors;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        product[i] += matrix[i][j] * vector[j];
      }
    }
    return product;
  }

  /** Gauss and Jordan on the diagonal, as the matrix is symmetric and not negative. */
  private double[][] inverse() {
    double[][] a = new double[SIZE][];
    for (int i = 0; i < SIZE; i++) {
      a[i] = normal[i].clone();
    }
    double[][] inverse = new double[SIZE][SIZE];
    boolean[] told = new boolean[SIZE];
    for (int i = 0; i < SIZE; i++) {
      told[i] = a[i][i] > SINGULAR * Math.max(normal[i][i], SINGULAR);
      if (!told[i]) {
        continue;
      }
      inverse[i][i] = 1;
      double pivot = a[i][i];
      for (int j = 0; j < SIZE; j++) {
        a[i][j] /= pivot;
        inverse[i][j] /= pivot;
      }
      for (int k = 0; k < SIZE; k++) {
        double factor = k == i ? 0 : a[k][i];
        for (int j = 0; j < SIZE; j++) {
          a[k][j] -= factor * a[i][j];
          inverse[k][j] -= factor * inverse[i][j];
        }
      }
    }
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        inverse[i][j] = told[i] && told[j] ? inverse[i][j] : 0;
      }
    }
    return inverse;
  }
}

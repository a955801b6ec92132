package dev.forearm.models.train;

import dev.forearm.models.ort.Provider;
import java.util.Map;

/**
 * How to train. Immutable; {@link #of} gives the plainest run and the {@code with} methods change
 * one thing each.
 *
 * @param optimizer how a gradient moves the weights
 * @param learningRate how far, by step
 * @param microBatchRows rows that go through the graph at once, which sets the memory needed; a
 *     graph of fixed batch size wants just that
 * @param microBatches how many such batches make one step; their gradients are averaged
 * @param clipNorm longest gradient that is applied as it is; longer ones are scaled to this length;
 *     0 clips nothing
 * @param averageDecay share of the exponential moving average of the weights that a step keeps; 0
 *     keeps no average
 * @param seed of everything random
 * @param generated inputs of the graph that do not come from the examples, by name
 * @param provider where the graph runs
 * @param threads of one operator
 * @param spotCheck whether a trainer compares the gradient with finite differences when it opens
 */
public record TrainingSettings(
    Optimizer optimizer,
    LearningRate learningRate,
    int microBatchRows,
    int microBatches,
    double clipNorm,
    double averageDecay,
    long seed,
    Map<String, GeneratedInput> generated,
    Provider provider,
    int threads,
    boolean spotCheck) {

  public TrainingSettings {
    require(microBatchRows >= 1, "rows of a micro-batch", microBatchRows, "1 or more");
    require(microBatches >= 1, "micro-batches", microBatches, "1 or more");
    require(clipNorm >= 0, "clipping norm", clipNorm, "0 or more");
    require(averageDecay >= 0 && averageDecay < 1, "average decay", averageDecay, "in [0, 1)");
    require(threads >= 1, "threads", threads, "1 or more");
    generated = Map.copyOf(generated);
  }

  /** One thread of the CPU, no clipping, no average, one micro-batch a step, seed 1, checked. */
  public static TrainingSettings of(Optimizer optimizer, double rate, int batchRows) {
    return new TrainingSettings(
        optimizer,
        new LearningRate.Constant(rate),
        batchRows,
        1,
        0,
        0,
        1,
        Map.of(),
        Provider.CPU,
        1,
        true);
  }

  public TrainingSettings withLearningRate(LearningRate schedule) {
    return new TrainingSettings(
        optimizer,
        schedule,
        microBatchRows,
        microBatches,
        clipNorm,
        averageDecay,
        seed,
        generated,
        provider,
        threads,
        spotCheck);
  }

  /** {@code count} batches of {@code rows} each make a step. */
  public TrainingSettings withMicroBatches(int rows, int count) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        rows,
        count,
        clipNorm,
        averageDecay,
        seed,
        generated,
        provider,
        threads,
        spotCheck);
  }

  public TrainingSettings withClipNorm(double norm) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        norm,
        averageDecay,
        seed,
        generated,
        provider,
        threads,
        spotCheck);
  }

  public TrainingSettings withAverageDecay(double decay) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        clipNorm,
        decay,
        seed,
        generated,
        provider,
        threads,
        spotCheck);
  }

  public TrainingSettings withSeed(long value) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        clipNorm,
        averageDecay,
        value,
        generated,
        provider,
        threads,
        spotCheck);
  }

  public TrainingSettings withGenerated(Map<String, GeneratedInput> inputs) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        clipNorm,
        averageDecay,
        seed,
        inputs,
        provider,
        threads,
        spotCheck);
  }

  /** Runs the graph on {@code where} with {@code count} threads. */
  public TrainingSettings withExecution(Provider where, int count) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        clipNorm,
        averageDecay,
        seed,
        generated,
        where,
        count,
        spotCheck);
  }

  /** Whether a trainer compares the gradient with finite differences when it opens. */
  public TrainingSettings withSpotCheck(boolean yes) {
    return new TrainingSettings(
        optimizer,
        learningRate,
        microBatchRows,
        microBatches,
        clipNorm,
        averageDecay,
        seed,
        generated,
        provider,
        threads,
        yes);
  }

  /** Rows of one step. */
  public long batchRows() {
    return (long) microBatchRows * microBatches;
  }

  private static void require(boolean holds, String what, Object found, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is " + found + ", wanted " + wanted);
    }
  }
}

package dev.forearm.models.train;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Draws batches from several sources in fixed proportion, for example new episodes against old
 * ones.
 *
 * <p>Each row comes from the source that is furthest behind its share, so every stretch of rows
 * holds the proportion to within one row of each source. A source is read through once an epoch,
 * each epoch in an order of its own. What will be drawn next follows from the seed and how many
 * rows each source has given: that is all a checkpoint keeps.
 */
public final class Mixture {
  private final List<Part> parts;
  private final long seed;
  private final boolean shuffled;
  private final long[] drawn;
  private final long[] epochs;
  private final Shuffle[] orders;

  /**
   * A source and its share.
   *
   * @param examples the rows
   * @param weight share of the rows, relative to the other weights; above 0
   */
  public record Part(Examples examples, double weight) {
    public Part {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weight of %s is %s, wanted above 0".formatted(examples.name(), weight));
      }
    }
  }

  /**
   * @param parts at least one
   * @param seed of the orders
   * @param shuffled false reads every source first to last
   */
  public Mixture(List<Part> parts, long seed, boolean shuffled) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a mixture needs at least one source");
    }
    this.parts = List.copyOf(parts);
    this.seed = seed;
    this.shuffled = shuffled;
    this.drawn = new long[parts.size()];
    this.epochs = new long[parts.size()];
    this.orders = new Shuffle[parts.size()];
    for (int i = 0; i < orders.length; i++) {
      orders[i] = order(i, 0);
    }
  }

  /** All of one source, shuffled. */
  public static Mixture of(Examples examples, long seed) {
    return new Mixture(List.of(new Part(examples, 1)), seed, true);
  }

  /** The sources and their shares. */
  public List<Part> parts() {
    return parts;
  }

  /** How many rows each source has given so far: all there is to save. */
  public long[] position() {
    return drawn.clone();
  }

  /**
   * Goes on from a saved position.
   *
   * @throws IllegalArgumentException if it is of another number of sources
   */
  public void resume(long[] position) {
    if (position.length != drawn.length || Arrays.stream(position).anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          "position %s does not fit %s sources".formatted(Arrays.toString(position), drawn.length));
    }
    System.arraycopy(position, 0, drawn, 0, drawn.length);
  }

  /**
   * Draws rows into the graph's inputs.
   *
   * @param inputs memory by input name, each of exactly {@code rows} rows
   * @param rows how many
   */
  public void draw(Map<String, MemorySegment> inputs, int rows) {
    for (int row = 0; row < rows; row++) {
      int source = next();
      Examples examples = parts.get(source).examples();
      long index = indexAt(source, drawn[source]++);
      for (Map.Entry<String, MemorySegment> input : inputs.entrySet()) {
        long bytes = input.getValue().byteSize() / rows;
        examples.copyRow(input.getKey(), index, input.getValue(), row * bytes);
      }
    }
  }

  private int next() {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < drawn.length; i++) {
      double behind = (drawn[i] + 1) / parts.get(i).weight();
      if (behind < least) {
        least = behind;
        best = i;
      }
    }
    return best;
  }

  private long indexAt(int source, long count) {
    long rows = parts.get(source).examples().rows();
    long epoch = count / rows;
    if (epoch != epochs[source]) {
      epochs[source] = epoch;
      orders[source] = order(source, epoch);
    }
    long place = count % rows;
    return shuffled ? orders[source].at(place) : place;
  }

  private Shuffle order(int source, long epoch) {
    long key = SplitMix.bits(SplitMix.bits(seed, source), epoch);
    return new Shuffle(parts.get(source).examples().rows(), key);
  }
}

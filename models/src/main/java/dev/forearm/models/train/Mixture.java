package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Draws batches from several sources in fixed proportion, for example new episodes against old
 * ones.
 *
 * <p>Each row comes from the source that is furthest behind its share, so every stretch of rows
 * holds the proportion to within one row of each source. An epoch of a source is one pass over the
 * rows it holds, in an order of its own; when rows come or go, a new epoch begins with the next
 * draw, over what is there then. What is drawn follows from the seed and from how many rows each
 * source held at each draw; a {@link Position} is all that a checkpoint keeps.
 *
 * <p>One thread draws; sources may grow meanwhile.
 */
public final class Mixture {
  private final List<Part> parts;
  private final List<Reader> readers = new ArrayList<>();
  private final boolean shuffled;

  /**
   * A source and its share.
   *
   * @param store the rows
   * @param weight share of the rows, relative to the other weights; above 0
   */
  public record Part(RowStore store, double weight) {
    public Part {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weight of %s is %s, wanted above 0".formatted(store.name(), weight));
      }
    }
  }

  /**
   * How far a source is drawn.
   *
   * @param drawn rows it has given so far
   * @param epoch number of its epoch, from 0
   * @param place rows it has given in this epoch
   * @param begin number of the oldest row of this epoch
   * @param end number after the newest
   */
  public record Position(long drawn, long epoch, long place, long begin, long end) {
    public Position {
      if (drawn < 0 || epoch < 0 || place < 0 || begin < 0 || begin + place > end) {
        throw new IllegalArgumentException(
            "position %s, %s, %s, %s, %s".formatted(drawn, epoch, place, begin, end));
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
    this.shuffled = shuffled;
    for (Part part : parts) {
      readers.add(new Reader(part, SplitMix.bits(seed, readers.size())));
    }
  }

  /** All of one source, shuffled. */
  public static Mixture of(RowStore store, long seed) {
    return new Mixture(List.of(new Part(store, 1)), seed, true);
  }

  /** The sources and their shares. */
  public List<Part> parts() {
    return parts;
  }

  /** How far each source is drawn: all there is to save. */
  public List<Position> position() {
    return readers.stream().map(Reader::position).toList();
  }

  /**
   * Goes on from a saved position; a source that holds other rows now begins a new epoch.
   *
   * @throws IllegalArgumentException if it is of another number of sources
   */
  public void resume(List<Position> position) {
    if (position.size() != readers.size()) {
      throw new IllegalArgumentException(
          "position of %s sources does not fit %s".formatted(position.size(), readers.size()));
    }
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).resume(position.get(i));
    }
  }

  /**
   * Draws rows into the graph's inputs.
   *
   * @param inputs memory by input name, each of exactly {@code rows} rows
   * @param rows how many
   * @throws ModelsFault if a source holds no rows
   */
  public void draw(Map<String, MemorySegment> inputs, int rows) {
    for (int row = 0; row < rows; row++) {
      Reader reader = furthestBehind();
      long drawn = reader.next();
      for (Map.Entry<String, MemorySegment> input : inputs.entrySet()) {
        long bytes = input.getValue().byteSize() / rows;
        reader.rows.copy(input.getKey(), drawn, input.getValue(), row * bytes);
      }
    }
  }

  private Reader furthestBehind() {
    Reader best = readers.getFirst();
    for (Reader reader : readers) {
      if (reader.due() < best.due()) {
        best = reader;
      }
    }
    return best;
  }

  /** Where one source is. */
  private final class Reader {
    private final Part part;
    private final long key;
    private RowStore.Rows rows;
    private long drawn;
    private long epoch;
    private long place;
    private Shuffle order;

    Reader(Part part, long key) {
      this.part = part;
      this.key = key;
      this.rows = part.store().rows();
      this.order = order();
    }

    /** When its next row is due: the lower, the further behind its share it is. */
    double due() {
      return (drawn + 1) / part.weight();
    }

    /** The number of the next row. */
    long next() {
      RowStore.Rows now = part.store().rows();
      if (now != rows || place == rows.count()) {
        begin(now, epoch + 1, 0);
      }
      if (rows.count() == 0) {
        throw new ModelsFault(
            "draw rows of %s: found none, wanted at least one".formatted(part.store().name()));
      }
      drawn++;
      long at = place++;
      return rows.begin() + (shuffled ? order.at(at) : at);
    }

    Position position() {
      return new Position(drawn, epoch, place, rows.begin(), rows.end());
    }

    void resume(Position saved) {
      RowStore.Rows now = part.store().rows();
      drawn = saved.drawn();
      if (now.begin() == saved.begin() && now.end() == saved.end()) {
        begin(now, saved.epoch(), saved.place());
      } else {
        begin(now, saved.epoch() + 1, 0);
      }
    }

    private void begin(RowStore.Rows over, long number, long from) {
      rows = over;
      epoch = number;
      place = from;
      order = order();
    }

    private Shuffle order() {
      return new Shuffle(Math.max(1, rows.count()), SplitMix.bits(key, epoch));
    }
  }
}

package dev.forearm.models.onnx;

import java.util.concurrent.atomic.AtomicLong;

/** One dimension of a shape: a known size, or a name that stands for the same size everywhere. */
public sealed interface Dim {

  /** A size known before the graph runs, at least 0. */
  record Known(long size) implements Dim {
    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /** A size known only when the graph runs. Equal names are equal sizes. */
  record Symbol(String name) implements Dim {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A known size. */
  static Dim of(long size) {
    return new Known(size);
  }

  /** A size of which nothing is known; equal to no other dimension. */
  static Dim unknown() {
    return new Symbol("?" + Fresh.NEXT.incrementAndGet());
  }

  /** A number of which nothing is known, not even that it is a size; equal to no other. */
  static Dim anyNumber() {
    return new Symbol("~" + Fresh.NEXT.incrementAndGet());
  }

  /** Whether this, as a number in a tensor, is never negative. */
  default boolean isSize() {
    return switch (this) {
      case Known(long size) -> size >= 0;
      case Symbol(String name) -> !name.startsWith("~");
    };
  }

  /** The size, or -1 where it is known only at run time. */
  default long orUnknown() {
    return switch (this) {
      case Known known -> known.size();
      case Symbol _ -> -1;
    };
  }

  /** Whether this is a known size equal to {@code size}. */
  default boolean is(long size) {
    return orUnknown() == size && size >= 0;
  }

  /** Numbers for {@link #unknown()}. */
  final class Fresh {
    private static final AtomicLong NEXT = new AtomicLong();

    private Fresh() {}
  }
}

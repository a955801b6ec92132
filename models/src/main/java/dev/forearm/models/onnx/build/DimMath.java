package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Dim;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic on sizes of which some are known only at run time. What does not fit 64 bits is an
 * {@link ArithmeticException}.
 */
final class DimMath {
  private static final int LONGEST_NAME = 80;

  private DimMath() {}

  static Dim add(Dim a, Dim b) {
    if (a.is(0)) {
      return b;
    }
    if (b.is(0)) {
      return a;
    }
    if (a instanceof Dim.Known(long x) && b instanceof Dim.Known(long y)) {
      return Dim.of(Math.addExact(x, y));
    }
    return symbol(a, "+", b, true);
  }

  static Dim subtract(Dim a, Dim b) {
    if (b.is(0)) {
      return a;
    }
    if (a.equals(b)) {
      return Dim.of(0);
    }
    if (a instanceof Dim.Known(long x) && b instanceof Dim.Known(long y)) {
      return Dim.of(Math.subtractExact(x, y));
    }
    return symbol(a, "-", b, false);
  }

  static Dim multiply(Dim a, Dim b) {
    if (a.is(1)) {
      return b;
    }
    if (b.is(1)) {
      return a;
    }
    if (a instanceof Dim.Known(long x) && b instanceof Dim.Known(long y)) {
      return Dim.of(Math.multiplyExact(x, y));
    }
    return symbol(a, "*", b, true);
  }

  static Dim divide(Dim a, Dim b) {
    if (b.is(1)) {
      return a;
    }
    if (a.equals(b)) {
      return Dim.of(1);
    }
    if (a instanceof Dim.Known(long x) && b instanceof Dim.Known(long y) && y != 0) {
      return Dim.of(x / y);
    }
    return symbol(a, "/", b, false);
  }

  static Dim product(List<Dim> dims) {
    Dim product = Dim.of(1);
    for (Dim dim : dims) {
      product = multiply(product, dim);
    }
    return product;
  }

  /** What is left of the product of {@code whole} once the factors {@code parts} are taken out. */
  static Dim quotient(List<Dim> whole, List<Dim> parts) {
    List<Dim> rest = new ArrayList<>(whole);
    long known = 1;
    for (Dim part : parts) {
      if (part instanceof Dim.Known(long size)) {
        known = Math.multiplyExact(known, size);
      } else if (!rest.remove(part)) {
        return Dim.unknown();
      }
    }
    long size = 1;
    List<Dim> symbols = new ArrayList<>();
    for (Dim dim : rest) {
      if (dim instanceof Dim.Known(long value)) {
        size = Math.multiplyExact(size, value);
      } else {
        symbols.add(dim);
      }
    }
    if (known == 0 || size % known != 0) {
      return Dim.unknown();
    }
    return multiply(product(symbols), Dim.of(size / known));
  }

  /** The dimension that two broadcast to, or null where they cannot. */
  static @Nullable Dim broadcast(Dim a, Dim b) {
    if (a.equals(b) || b.is(1)) {
      return a;
    }
    if (a.is(1)) {
      return b;
    }
    if (a instanceof Dim.Known && b instanceof Dim.Known) {
      return null;
    }
    if (a instanceof Dim.Known) {
      return a;
    }
    return b instanceof Dim.Known ? b : Dim.unknown();
  }

  private static Dim symbol(Dim a, String operator, Dim b, boolean commutes) {
    String x = a.toString();
    String y = b.toString();
    if (commutes && x.compareTo(y) > 0) {
      String swap = x;
      x = y;
      y = swap;
    }
    boolean size = a.isSize() && b.isSize() && !operator.equals("-");
    String name = (size ? "?(" : "~(") + x + operator + y + ")";
    if (name.length() <= LONGEST_NAME) {
      return new Dim.Symbol(name);
    }
    return size ? Dim.unknown() : Dim.anyNumber();
  }
}

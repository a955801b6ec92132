package dev.forearm.models.npz;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Arrays by name, as {@code numpy.savez} and {@code savez_compressed} write them: little-endian, C
 * or Fortran order, of the number types that tensors have. Arrays of anything else, such as text or
 * Python objects, are left out.
 *
 * <p>Format: the NumPy documentation, {@code numpy.lib.format}, versions 1.0 to 3.0.
 */
public final class Npz {
  /** A small file may unpack to anything: half of the memory Java has, and what one array holds. */
  private static final long MOST_BYTES =
      Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2);

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': *(.+), *'fortran_order': *(True|False), *"
              + "'shape': *\\(([0-9, ]*)\\),? *\\} *\\n?");

  private Npz() {}

  /**
   * Reads all arrays of a file, in order.
   *
   * @throws ModelsFault when it is missing or no such file, naming the array and what is wrong
   */
  public static Map<String, HostTensor> read(Path file) {
    return read(file, (_, _) -> {});
  }

  /**
   * As {@link #read(Path)}; {@code other} hears of arrays left out: the name, and what it holds.
   */
  public static Map<String, HostTensor> read(Path file, BiConsumer<String, String> other) {
    // By the directory at its end: a file that was cut off between two arrays has none.
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Unpacking unpacking = new Unpacking(file.toString(), MOST_BYTES, other);
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          unpacking.add(entry, in);
        }
      }
      return unpacking.done();
    } catch (NoSuchFileException e) {
      throw new ModelsFault("read " + file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new ModelsFault("read " + file + ": you may not read it; change its permissions", e);
    } catch (IOException e) {
      throw new ModelsFault("read " + file + ": not a readable .npz (" + e.getMessage() + ")", e);
    }
  }

  /** Reads all arrays of a stream, in order; {@code name} is for messages. */
  public static Map<String, HostTensor> read(String name, InputStream in) throws IOException {
    return read(name, in, MOST_BYTES);
  }

  static Map<String, HostTensor> read(String name, InputStream in, long mostBytes)
      throws IOException {
    Unpacking unpacking = new Unpacking(name, mostBytes, (_, _) -> {});
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      unpacking.add(entry, zip);
    }
    return unpacking.done();
  }

  /** The arrays read so far, and how much they may still be. */
  private static final class Unpacking {
    private final String name;
    private final long mostBytes;
    private final BiConsumer<String, String> other;
    private final Map<String, HostTensor> arrays = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private long total;

    Unpacking(String name, long mostBytes, BiConsumer<String, String> other) {
      this.name = name;
      this.mostBytes = mostBytes;
      this.other = other;
    }

    void add(ZipEntry entry, InputStream in) throws IOException {
      if (!entry.getName().endsWith(".npy")) {
        return;
      }
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, mostBytes - total + 1));
      total += bytes.length;
      if (total > mostBytes) {
        throw new ModelsFault(
            String.format(
                Locale.ROOT,
                "read %s: found more than %,d bytes of arrays, wanted at most that, half of what Java may use; split the file",
                name,
                mostBytes));
      }
      String key = entry.getName().substring(0, entry.getName().length() - 4);
      Header header = Header.parse(name, key, bytes);
      Optional<ElementType> type = type(header.descr());
      if (type.isPresent()) {
        arrays.put(key, array(name, key, header, type.get(), bytes));
      } else {
        leftOut.put(key, kind(header.descr()));
      }
    }

    Map<String, HostTensor> done() {
      if (arrays.isEmpty()) {
        throw new ModelsFault(
            "read %s: found no array of numbers%s, wanted a zip of .npy files"
                .formatted(name, leftOut.isEmpty() ? "" : " beside " + leftOut));
      }
      leftOut.forEach(other);
      return arrays;
    }
  }

  /** Writes arrays under their names, replacing the file. */
  public static void write(Path file, Map<String, HostTensor> arrays) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, HostTensor> entry : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        zip.write(header(entry.getValue()));
        byte[] data = new byte[entry.getValue().data().capacity()];
        entry.getValue().data().get(data);
        zip.write(data);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new ModelsFault("write " + file + ": " + e.getMessage(), e);
    }
  }

  /** What the first bytes of an array say of the rest. */
  private record Header(String descr, boolean columns, List<Long> shape, int length) {
    static Header parse(String file, String key, byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.length < 12 || !ByteBuffer.wrap(bytes, 0, 6).equals(ByteBuffer.wrap(MAGIC))) {
        throw fault(file, key, "no .npy header");
      }
      boolean wide = bytes[6] > 1;
      int start = wide ? 12 : 10;
      long length = wide ? in.getInt(8) & 0xffffffffL : in.getShort(8) & 0xffff;
      if (start + length > bytes.length) {
        throw fault(file, key, "a header of " + length + " bytes in " + bytes.length);
      }
      String text = new String(bytes, start, (int) length, StandardCharsets.ISO_8859_1);
      Matcher match = HEADER.matcher(text);
      if (!match.matches()) {
        throw fault(file, key, "header " + text.strip());
      }
      return new Header(
          match.group(1),
          match.group(2).equals("True"),
          dims(file, key, match.group(3)),
          start + (int) length);
    }
  }

  private static HostTensor array(
      String file, String key, Header header, ElementType type, byte[] bytes) {
    long elements = 1;
    for (long dim : header.shape()) {
      if (dim != 0 && elements > Integer.MAX_VALUE / dim) {
        throw fault(file, key, "shape " + header.shape());
      }
      elements *= dim;
    }
    int length = bytes.length - header.length();
    if (elements * type.bytes() != length) {
      throw fault(file, key, "%s bytes for shape %s of %s".formatted(length, header.shape(), type));
    }
    long[] dims = header.shape().stream().mapToLong(Long::longValue).toArray();
    ByteBuffer values = ByteBuffer.wrap(bytes, header.length(), length);
    boolean columns = header.columns() && dims.length > 1;
    return HostTensor.of(type, dims, columns ? byRows(values.slice(), dims, type.bytes()) : values);
  }

  /** Turns column order into row order. */
  private static ByteBuffer byRows(ByteBuffer columns, long[] dims, int bytes) {
    ByteBuffer rows = ByteBuffer.allocate(columns.capacity());
    long[] index = new long[dims.length];
    for (int i = 0; i < columns.capacity() / bytes; i++) {
      long at = 0;
      for (int d = dims.length - 1; d >= 0; d--) {
        at = at * dims[d] + index[d];
      }
      rows.put(i * bytes, columns, (int) at * bytes, bytes);
      for (int d = dims.length - 1; d >= 0 && ++index[d] == dims[d]; d--) {
        index[d] = 0;
      }
    }
    return rows;
  }

  private static List<Long> dims(String file, String key, String text) {
    try {
      return Pattern.compile(",")
          .splitAsStream(text)
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .map(Long::valueOf)
          .toList();
    } catch (NumberFormatException _) {
      throw fault(file, key, "shape (" + text + ")");
    }
  }

  private static Optional<ElementType> type(String descr) {
    return Optional.ofNullable(
        switch (descr.replace("'", "")) {
          case "<f4", "=f4" -> ElementType.FLOAT32;
          case "<f8", "=f8" -> ElementType.FLOAT64;
          case "<f2", "=f2" -> ElementType.FLOAT16;
          case "<i8", "=i8" -> ElementType.INT64;
          case "<i4", "=i4" -> ElementType.INT32;
          case "<i2", "=i2" -> ElementType.INT16;
          case "|i1" -> ElementType.INT8;
          case "|u1" -> ElementType.UINT8;
          case "<u2" -> ElementType.UINT16;
          case "<u4" -> ElementType.UINT32;
          case "<u8" -> ElementType.UINT64;
          case "|b1" -> ElementType.BOOL;
          default -> null;
        });
  }

  /** What an array holds that is none of these, in words. */
  private static String kind(String descr) {
    String quoted = descr.replace("'", "");
    char letter = quoted.length() > 1 ? quoted.charAt(1) : ' ';
    String kind =
        switch (letter) {
          case 'U', 'S', 'a' -> "text";
          case 'O' -> "Python objects";
          case 'M', 'm' -> "dates";
          case 'c' -> "complex numbers";
          case 'f', 'i', 'u' -> quoted.startsWith(">") ? "big-endian numbers" : "numbers";
          default -> "structures";
        };
    return kind + " (" + descr + ")";
  }

  private static byte[] header(HostTensor tensor) {
    StringBuilder shape = new StringBuilder();
    for (long dim : tensor.dims()) {
      shape.append(dim).append(", ");
    }
    String text =
        "{'descr': '"
            + descr(tensor.type())
            + "', 'fortran_order': False, 'shape': ("
            + shape.toString().stripTrailing()
            + "), }";
    int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
    ByteBuffer out = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    out.put(
        (text + " ".repeat(length - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
    return out.array();
  }

  private static String descr(ElementType type) {
    return switch (type) {
      case FLOAT32 -> "<f4";
      case FLOAT64 -> "<f8";
      case FLOAT16 -> "<f2";
      case INT64 -> "<i8";
      case INT32 -> "<i4";
      case INT16 -> "<i2";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case UINT16 -> "<u2";
      case UINT32 -> "<u4";
      case UINT64 -> "<u8";
      case BOOL -> "|b1";
      case BFLOAT16 -> throw new IllegalArgumentException("NumPy has no bfloat16; cast to float32");
    };
  }

  private static ModelsFault fault(String file, String key, String found) {
    return new ModelsFault(
        "read "
            + file
            + ": array '"
            + key
            + "': found "
            + found
            + ", wanted a plain little-endian number array; save with numpy.savez");
  }
}

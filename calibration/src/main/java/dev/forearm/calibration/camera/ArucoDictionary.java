package dev.forearm.calibration.camera;

import boofcv.factory.fiducial.ConfigHammingMarker;
import boofcv.factory.fiducial.HammingDictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * OpenCV's predefined dictionaries of markers, whose smaller ones begin the larger. BoofCV's own
 * lists of the same name are others.
 */
public final class ArucoDictionary {
  private static final String FILE = "aruco.txt";
  private static final int HEX = 16;

  private ArucoDictionary() {}

  /** For BoofCV's detector. */
  static ConfigHammingMarker of(int bits) {
    ConfigHammingMarker dictionary = new ConfigHammingMarker();
    dictionary.dictionary = HammingDictionary.CUSTOM;
    dictionary.gridWidth = bits;
    dictionary.borderWidthFraction = 1.0 / (bits + 2);
    dictionary.minimumHamming = 1;
    for (long marker : markers(bits)) {
      dictionary.addMarker(marker);
    }
    return dictionary;
  }

  /**
   * Which cells of a marker are white, its black border included.
   *
   * @return [row][column], from its top left
   */
  public static boolean[][] cells(int bits, int marker) {
    long pattern = markers(bits)[marker];
    boolean[][] white = new boolean[bits + 2][bits + 2];
    for (int cell = 0; cell < bits * bits; cell++) {
      white[cell / bits + 1][cell % bits + 1] = (pattern >> (bits * bits - 1 - cell) & 1) == 1;
    }
    return white;
  }

  private static long[] markers(int bits) {
    try (InputStream file =
        Objects.requireNonNull(ArucoDictionary.class.getResourceAsStream(FILE), FILE)) {
      String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
      String line =
          text.lines().filter(some -> some.startsWith(bits + " ")).findFirst().orElseThrow();
      return Arrays.stream(line.split(" ", -1))
          .skip(1)
          .mapToLong(marker -> Long.parseLong(marker, HEX))
          .toArray();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + FILE, e);
    }
  }
}

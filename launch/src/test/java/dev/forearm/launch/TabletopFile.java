package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The table-top arm's robot file, for tests of one that differs. */
public final class TabletopFile {
  private TabletopFile() {}

  public static String text() {
    try (InputStream in = House.class.getResourceAsStream("/robots/tabletop.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

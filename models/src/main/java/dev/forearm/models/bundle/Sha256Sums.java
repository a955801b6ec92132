package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Sha256;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The list {@code SHA256SUMS}, as {@code sha256sum} writes and checks it. */
final class Sha256Sums {
  static final String FILE = "SHA256SUMS";

  private final Path bundle;
  private final Map<String, String> sums = new LinkedHashMap<>();

  private Sha256Sums(Path bundle) {
    this.bundle = bundle;
  }

  static Sha256Sums parse(Path bundle, byte[] content) {
    Sha256Sums list = new Sha256Sums(bundle);
    int number = 0;
    for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      // "<64 hex digits>  <name>"; '*' before the name says that sha256sum read it as binary
      if (!line.matches("[0-9a-f]{64} [ *][A-Za-z0-9._-]+")) {
        throw new ModelsFault(
            "bundle %s: %s line %s: found '%s', wanted a SHA-256 in lower case, two spaces and a plain file name; write it with sha256sum"
                .formatted(bundle, FILE, number, line));
      }
      if (list.sums.put(line.substring(66), line.substring(0, 64)) != null) {
        throw new ModelsFault(
            "bundle %s: %s lists %s twice".formatted(bundle, FILE, line.substring(66)));
      }
    }
    return list;
  }

  Iterable<String> names() {
    return sums.keySet();
  }

  /** The hash that is listed for a file. */
  String sum(String name) {
    String sum = sums.get(name);
    if (sum == null) {
      throw new ModelsFault(
          "bundle %s: %s does not list %s, which bundle.yaml names; export the bundle again"
              .formatted(bundle, FILE, name));
    }
    return sum;
  }

  /** Refuses content whose hash is not the listed one. */
  void require(String name, MemorySegment content) {
    String wanted = sum(name);
    String found = Sha256.of(content);
    if (!found.equals(wanted)) {
      throw new ModelsFault(
          "bundle %s: %s: found SHA-256 %s, wanted %s; the file was changed or damaged, copy the bundle again"
              .formatted(bundle, name, found, wanted));
    }
  }
}

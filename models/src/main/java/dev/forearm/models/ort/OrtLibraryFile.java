package dev.forearm.models.ort;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds {@code libonnxruntime}: the path in {@code FOREARM_ORT_LIB}, else the library inside the
 * {@code onnxruntime} (or {@code onnxruntime_gpu}) jar on the class path, which is unpacked once
 * into the user's cache folder.
 *
 * <p>The cache is {@code $FOREARM_CACHE}, else {@code $XDG_CACHE_HOME/forearm}, else {@code
 * ~/.cache/forearm}. A library's folder there carries the checksum that its jar declares, so
 * versions do not mix; files appear by an atomic rename, so processes may race for it.
 */
final class OrtLibraryFile {
  static final String PATH_VARIABLE = "FOREARM_ORT_LIB";

  /** What a main library of a CUDA build loads from its own folder. */
  static final String CUDA = "libonnxruntime_providers_cuda.so";

  private static final String MAIN = "libonnxruntime.so";

  /** Providers are loaded by the main library from its own folder; only GPU jars have them. */
  private static final List<String> COMPANIONS =
      List.of("libonnxruntime_providers_shared.so", CUDA);

  private OrtLibraryFile() {}

  static Path find(Map<String, String> environment) {
    String given = environment.get(PATH_VARIABLE);
    if (given != null && !given.isBlank()) {
      Path path = Path.of(given);
      if (!Files.isRegularFile(path)) {
        throw new ModelsFault(
            "load ONNX Runtime: %s names %s, found no such file; name libonnxruntime.so itself or unset it"
                .formatted(PATH_VARIABLE, path));
      }
      return path.toAbsolutePath();
    }
    String folder = "/ai/onnxruntime/native/" + platform() + "/";
    URL main = OrtLibraryFile.class.getResource(folder + MAIN);
    if (main == null) {
      throw new ModelsFault(
          "load ONNX Runtime: found no %s on the class path and no %s; add the Maven artifact com.microsoft.onnxruntime:onnxruntime or set %s to a libonnxruntime.so"
              .formatted(folder + MAIN, PATH_VARIABLE, PATH_VARIABLE));
    }
    Path cache = cacheFolder(environment);
    try {
      Path home = cache.resolve("onnxruntime-" + platform() + "-" + stamp(main));
      for (String companion : COMPANIONS) {
        URL source = OrtLibraryFile.class.getResource(folder + companion);
        if (source != null) {
          unpack(source, home.resolve(companion));
        }
      }
      unpack(main, home.resolve(MAIN));
      return home.resolve(MAIN);
    } catch (IOException e) {
      throw new ModelsFault(
          "load ONNX Runtime: could not unpack %s into %s: %s; make the folder writable, or set FOREARM_CACHE to one that is"
              .formatted(MAIN, cache, e),
          e);
    }
  }

  private static Path cacheFolder(Map<String, String> environment) {
    return variable(environment, "FOREARM_CACHE")
        .map(Path::of)
        .or(() -> variable(environment, "XDG_CACHE_HOME").map(p -> Path.of(p, "forearm")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "forearm"))
        .toAbsolutePath();
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (os.contains("linux")) {
      switch (arch) {
        case "amd64", "x86_64" -> {
          return "linux-x64";
        }
        case "aarch64", "arm64" -> {
          return "linux-aarch64";
        }
        default -> {}
      }
    }
    throw new ModelsFault(
        "load ONNX Runtime: found platform %s/%s, wanted Linux on x86-64 or aarch64; set %s to a library built for it"
            .formatted(os, arch, PATH_VARIABLE));
  }

  /** Checksum and length as the jar declares them, without reading the library. */
  private static String stamp(URL resource) throws IOException {
    var connection = resource.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection jar) {
      try (var file = jar.getJarFile()) {
        var entry = file.getEntry(jar.getEntryName());
        return String.format(Locale.ROOT, "%08x-%s", entry.getCrc(), entry.getSize());
      }
    }
    return "plain-" + connection.getContentLengthLong();
  }

  private static void unpack(URL source, Path target) throws IOException {
    if (Files.isRegularFile(target)) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path partial = Files.createTempFile(target.getParent(), "unpack", ".part");
    try (InputStream in = source.openStream()) {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}

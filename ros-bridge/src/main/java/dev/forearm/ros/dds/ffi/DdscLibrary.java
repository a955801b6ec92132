package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Cyclone DDS library file and its version. Looked for in this order: {@code FOREARM_DDSC_LIB},
 * the libraries of a sourced ROS 2 ({@code AMENT_PREFIX_PATH}, {@code LD_LIBRARY_PATH}), the
 * distribution's library folders.
 *
 * @param file the file itself, links resolved
 * @param version for example {@code 0.10.2}, from the file's name
 */
public record DdscLibrary(Path file, String version) {
  private static final Pattern FILE_NAME = Pattern.compile("libddsc.*\\.so(\\..*)?");
  private static final Pattern VERSION = Pattern.compile("\\.so\\.(\\d+\\.\\d+\\.\\d+)$");

  /** Versions whose structures DdscLayouts describes. */
  private static final Pattern KNOWN = Pattern.compile("(0\\.10|11\\.0)\\.\\d+");

  private static final List<String> PLUGINS =
      List.of("libdds_security_auth.so", "libdds_security_crypto.so", "libdds_security_ac.so");

  private static final List<Path> SYSTEM_FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib/aarch64-linux-gnu"),
          Path.of("/usr/local/lib"),
          Path.of("/usr/lib64"),
          Path.of("/usr/lib"));

  /**
   * Finds the library in this process's environment.
   *
   * @throws RosFault if there is none, or only of unknown versions; says where it looked
   */
  public static DdscLibrary find() {
    return find(System.getenv(), SYSTEM_FOLDERS);
  }

  static DdscLibrary find(Map<String, String> environment, List<Path> systemFolders) {
    String chosen = environment.getOrDefault("FOREARM_DDSC_LIB", "");
    if (!chosen.isEmpty()) {
      return chosen(Path.of(chosen));
    }
    List<Path> folders = folders(environment, systemFolders);
    List<String> refused = new ArrayList<>();
    for (Path folder : folders) {
      for (Path file : librariesIn(folder)) {
        Optional<DdscLibrary> library = known(file);
        if (library.isPresent()) {
          return library.get();
        }
        refused.add(file.toString());
      }
    }
    throw new RosFault(
        "finding Cyclone DDS: no libddsc.so of version 0.10.x or 11.0.x in %s%s; install it (Debian, Ubuntu: apt install libddsc0debian), source a ROS 2, or set FOREARM_DDSC_LIB to the library file"
            .formatted(
                folders, refused.isEmpty() ? "" : ", of other or unknown version: " + refused));
  }

  private static DdscLibrary chosen(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RosFault(
          "finding Cyclone DDS: FOREARM_DDSC_LIB is %s, which is not a file; set it to libddsc.so or unset it"
              .formatted(file));
    }
    return known(file)
        .orElseThrow(() ->
            new RosFault(
                "finding Cyclone DDS: FOREARM_DDSC_LIB is %s, version 0.10.x or 11.0.x wanted at the end of its file name (libddsc.so.0.10.2); its structures are not known here"
                    .formatted(file)));
  }

  private static List<Path> folders(Map<String, String> environment, List<Path> systemFolders) {
    List<Path> folders = new ArrayList<>();
    for (String prefix : pathsIn(environment, "AMENT_PREFIX_PATH")) {
      folders.add(Path.of(prefix, "lib"));
      folders.add(Path.of(prefix, "lib", "x86_64-linux-gnu"));
      folders.add(Path.of(prefix, "lib", "aarch64-linux-gnu"));
    }
    pathsIn(environment, "LD_LIBRARY_PATH").forEach(folder -> folders.add(Path.of(folder)));
    folders.addAll(systemFolders);
    return folders.stream().distinct().toList();
  }

  /**
   * The folder of the plugins with which it secures topics: its own, or beneath that one of its
   * name, as Debian has it. Empty if it was built without.
   */
  public Optional<Path> securityFolder() {
    Path own = file.resolveSibling("");
    try (Stream<Path> beside = Files.list(own)) {
      return Stream.concat(
              Stream.of(own),
              beside.filter(path -> path.getFileName().toString().startsWith("libddsc")).sorted())
          .filter(folder ->
              PLUGINS.stream().allMatch(plugin -> Files.isRegularFile(folder.resolve(plugin))))
          .findFirst();
    } catch (IOException e) {
      throw new RosFault("finding Cyclone DDS: cannot read folder " + own, e);
    }
  }

  private static List<String> pathsIn(Map<String, String> environment, String name) {
    return Stream.of(environment.getOrDefault(name, "").split(":"))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static List<Path> librariesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> FILE_NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new RosFault("finding Cyclone DDS: cannot read folder " + folder, e);
    }
  }

  private static Optional<DdscLibrary> known(Path file) {
    try {
      Path real = file.toRealPath();
      Matcher name = VERSION.matcher(real.getFileName().toString());
      return name.find() && KNOWN.matcher(name.group(1)).matches()
          ? Optional.of(new DdscLibrary(real, name.group(1)))
          : Optional.empty();
    } catch (IOException e) {
      throw new RosFault("finding Cyclone DDS: cannot follow " + file, e);
    }
  }
}

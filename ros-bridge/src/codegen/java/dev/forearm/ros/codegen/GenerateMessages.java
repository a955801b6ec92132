package dev.forearm.ros.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Build step: turns {@code .msg} definitions into Java messages. Run from source by the build with
 * two arguments, the folder of definitions and the folder to write to. Files whose content would
 * not change are left alone, so that nothing is compiled again for nothing.
 */
final class GenerateMessages {
  private static final String PACKAGE = "dev.forearm.ros.msg";

  private GenerateMessages() {}

  public static void main(String[] args) throws IOException {
    Definitions all = Definitions.readFrom(Path.of(args[0]));
    Path root = Path.of(args[1]).resolve(PACKAGE.replace('.', '/'));
    Set<Path> current = new HashSet<>();
    Set<String> packages = new TreeSet<>();
    for (Definition definition : all.all()) {
      packages.add(definition.pkg());
      Path file = root.resolve(definition.pkg()).resolve(definition.name() + ".java");
      write(file, new MessageSource(definition, all, PACKAGE).text());
      current.add(file);
    }
    for (String pkg : packages) {
      Path file = root.resolve(pkg).resolve("package-info.java");
      write(file, packageInfo(pkg));
      current.add(file);
    }
    removeOthers(root, current);
  }

  private static String packageInfo(String pkg) {
    return """
    /**
     * Messages of the ROS 2 package {@code %s}, generated from their definitions. A record is
     * immutable as long as nobody writes to its arrays, which it does not copy; a {@code Buffer}
     * is reused and belongs to one thread. Unsigned integers are in the Java type of the same
     * width; quaternions are x y z w, as in ROS.
     */
    @NullMarked
    package %s.%s;

    import org.jspecify.annotations.NullMarked;
    """
        .formatted(pkg, PACKAGE, pkg);
  }

  private static void write(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  private static void removeOthers(Path root, Set<Path> current) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (!current.contains(file)) {
        Files.delete(file);
      }
    }
  }
}

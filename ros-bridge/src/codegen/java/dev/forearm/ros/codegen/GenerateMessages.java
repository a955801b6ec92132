package dev.forearm.ros.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Build step: turns {@code .msg}, {@code .srv} and {@code .action} definitions into Java. Run from
 * source by the build with two arguments, the folder of definitions and the folder to write to.
 * Files whose content would not change are left alone, so that nothing is compiled again for
 * nothing.
 */
final class GenerateMessages {
  private static final String PACKAGE = "dev.forearm.ros";

  private GenerateMessages() {}

  public static void main(String[] args) throws IOException {
    Definitions all = Definitions.readFrom(Path.of(args[0]));
    Path root = Path.of(args[1]).resolve(PACKAGE.replace('.', '/'));
    Set<Path> current = new HashSet<>();
    Set<String> packages = new TreeSet<>();
    for (Definition definition : all.all()) {
      packages.add(definition.javaPackage());
      Path file = folder(root, definition.javaPackage()).resolve(definition.javaName() + ".java");
      write(file, new MessageSource(definition, all, PACKAGE).text());
      current.add(file);
    }
    for (Definitions.Interface each : all.interfaces()) {
      InterfaceSource source = new InterfaceSource(each, all, PACKAGE);
      Path file = folder(root, source.javaPackage()).resolve(each.name() + ".java");
      write(file, source.text());
      current.add(file);
    }
    for (String pkg : packages) {
      Path file = folder(root, pkg).resolve("package-info.java");
      write(file, packageInfo(pkg));
      current.add(file);
    }
    removeOthers(root, current);
  }

  private static Path folder(Path root, String javaPackage) {
    return root.resolve(javaPackage.replace('.', '/'));
  }

  private static String packageInfo(String pkg) {
    return """
    /**
     * Messages of the ROS 2 package {@code %s}, generated from its definitions. A record is
     * immutable as long as nobody writes to its arrays, which it does not copy; a {@code Buffer}
     * is reused and belongs to one thread. Unsigned integers are in the Java type of the same
     * width; quaternions are x y z w, as in ROS.
     */
    @NullMarked
    package %s.%s;

    import org.jspecify.annotations.NullMarked;
    """
        .formatted(pkg.substring(pkg.indexOf('.') + 1), PACKAGE, pkg);
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

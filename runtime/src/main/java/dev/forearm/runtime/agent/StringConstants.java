package dev.forearm.runtime.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the strings that a real-time thread would otherwise make. When HotSpot first hands a method
 * to its optimizing compiler, the thread that called the method once too often resolves every
 * string constant of the method's class, used or not; that may be minutes after the start. A string
 * that exists already is found instead of made.
 */
public final class StringConstants {
  /**
   * Where a real-time thread's code comes from, as internal names begin: this program, its
   * histograms, and what they call of the platform.
   */
  private static final List<String> FOLLOWED =
      List.of(
          "dev/forearm/runtime/",
          "dev/forearm/ros/",
          "dev/forearm/viewer/",
          "org/HdrHistogram/",
          "com/sun/management/",
          "java/lang/Double",
          "java/lang/Math",
          "java/lang/foreign/",
          "java/lang/invoke/",
          "java/util/Arrays",
          "java/util/Objects",
          "java/util/concurrent/atomic/",
          "jdk/internal/foreign/",
          "jdk/internal/misc/",
          "sun/management/");

  /** The virtual machine forgets a string that nobody holds. */
  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  /** Internal names of the classes whose constants were made. */
  private static final Set<String> READ = ConcurrentHashMap.newKeySet();

  private StringConstants() {}

  /**
   * Makes the string constants of these classes and of all that they name, directly or not. Reads
   * class files, each once: some tenths of a second, before anything is in a hurry.
   */
  public static void intern(Collection<Class<?>> roots) {
    Deque<String> todo = new ArrayDeque<>();
    roots.stream()
        .map(root -> root.getName().replace('.', '/'))
        .filter(READ::add)
        .forEach(todo::add);
    while (!todo.isEmpty()) {
      for (PoolEntry entry : constants(todo.remove())) {
        switch (entry) {
          case StringEntry string -> HELD.add(string.stringValue().intern());
          case ClassEntry named -> {
            String name = named.asInternalName();
            if (FOLLOWED.stream().anyMatch(name::startsWith) && READ.add(name)) {
              todo.add(name);
            }
          }
          default -> {}
        }
      }
    }
  }

  /** Of a class without a file, such as a hidden one, there are none to be known. */
  private static Iterable<PoolEntry> constants(String name) {
    try (InputStream file = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      return file == null ? List.of() : ClassFile.of().parse(file.readAllBytes()).constantPool();
    } catch (IOException e) {
      throw new UncheckedIOException("class file of " + name, e);
    }
  }
}

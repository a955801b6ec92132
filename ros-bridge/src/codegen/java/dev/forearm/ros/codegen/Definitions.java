package dev.forearm.ros.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All {@code .msg} files under a folder {@code PACKAGE/msg/NAME.msg}, by key. */
final class Definitions {
  private static final String SEPARATOR = "=".repeat(80) + "\n";

  private final Map<String, Definition> byKey = new TreeMap<>();

  static Definitions readFrom(Path folder) throws IOException {
    Definitions all = new Definitions();
    List<Path> files;
    try (var walk = Files.walk(folder)) {
      files = walk.filter(f -> f.toString().endsWith(".msg")).sorted().toList();
    }
    for (Path file : files) {
      String pkg = file.getParent().getParent().getFileName().toString();
      String name = file.getFileName().toString().replaceFirst("\\.msg$", "");
      Definition definition = Definition.parse(pkg, name, Files.readString(file));
      all.byKey.put(definition.key(), definition);
    }
    return all;
  }

  Collection<Definition> all() {
    return byKey.values();
  }

  Definition get(String key) {
    Definition definition = byKey.get(key);
    if (definition == null) {
      throw new IllegalArgumentException("message %s is used but not defined".formatted(key));
    }
    return definition;
  }

  /** Every message that {@code root} contains, directly or not, by key; without itself. */
  List<Definition> dependencies(Definition root) {
    TreeSet<String> keys = new TreeSet<>();
    collect(root, keys);
    return keys.stream().map(this::get).toList();
  }

  private void collect(Definition from, TreeSet<String> keys) {
    for (Definition.Member member : from.members()) {
      if (member.nested() && keys.add(member.type())) {
        collect(get(member.type()), keys);
      }
    }
  }

  /** The text a bag carries as schema: the definition, then each dependency behind a separator. */
  String bagText(Definition root) {
    StringBuilder text = new StringBuilder(root.text());
    for (Definition each : dependencies(root)) {
      text.append(SEPARATOR).append("MSG: ").append(each.key()).append('\n').append(each.text());
    }
    return text.toString();
  }

  /** Fewest bytes the message can take on the wire. */
  int leastBytes(Definition definition) {
    int bytes = 0;
    for (Definition.Member member : definition.members()) {
      int one =
          member.nested() ? leastBytes(get(member.type())) : Primitive.of(member.type()).bytes;
      bytes +=
          switch (member.shape()) {
            case SINGLE -> one;
            case ARRAY -> one * member.count();
            case SEQUENCE, BOUNDED_SEQUENCE -> Integer.BYTES;
          };
    }
    return bytes;
  }
}

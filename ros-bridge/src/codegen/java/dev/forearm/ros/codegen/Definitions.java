package dev.forearm.ros.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All types under a folder {@code PACKAGE/KIND/NAME.KIND}, where KIND is msg, srv or action, by
 * key.
 */
final class Definitions {
  private static final String SEPARATOR = "=".repeat(80) + "\n";

  private final Map<String, Definition> byKey = new TreeMap<>();
  private final List<Interface> interfaces = new ArrayList<>();

  /** A service or an action. */
  record Interface(String pkg, String kind, String name) {}

  static Definitions readFrom(Path folder) throws IOException {
    Definitions all = new Definitions();
    List<Path> files;
    try (var walk = Files.walk(folder)) {
      files = walk.filter(f -> f.toString().matches(".*\\.(msg|srv|action)")).sorted().toList();
    }
    for (Path file : files) {
      String pkg = file.getParent().getParent().getFileName().toString();
      String kind = file.getParent().getFileName().toString();
      String name = file.getFileName().toString().replaceFirst("\\.\\w+$", "");
      Definition.parse(pkg, kind, name, Files.readString(file))
          .forEach(definition -> all.byKey.put(definition.key(), definition));
      if (!kind.equals("msg")) {
        all.interfaces.add(new Interface(pkg, kind, name));
      }
    }
    return all;
  }

  Collection<Definition> all() {
    return byKey.values();
  }

  /** The services and actions that the types were derived from. */
  List<Interface> interfaces() {
    return interfaces;
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

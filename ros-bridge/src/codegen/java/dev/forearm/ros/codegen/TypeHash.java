package dev.forearm.ros.codegen;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The type hash of REP-2011, version RIHS01: SHA-256 over the type description written as JSON the
 * way Python's {@code json.dumps} writes it with separators {@code ", "} and {@code ": "}.
 */
final class TypeHash {
  private static final int ARRAY = 48;
  private static final int BOUNDED_SEQUENCE = 96;
  private static final int SEQUENCE = 144;
  private static final int NESTED = 1;
  private static final int BOUNDED_STRING = 21;

  private TypeHash() {}

  static String of(Definition root, Definitions all) {
    List<Definition> referenced =
        all.dependencies(root).stream().sorted(Comparator.comparing(Definition::rosName)).toList();
    String json =
        "{\"type_description\": %s, \"referenced_type_descriptions\": [%s]}"
            .formatted(
                description(root, all),
                referenced.stream()
                    .map(d -> description(d, all))
                    .collect(Collectors.joining(", ")));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return "RIHS01_" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String description(Definition definition, Definitions all) {
    return "{\"type_name\": \"%s\", \"fields\": [%s]}"
        .formatted(
            definition.rosName(),
            definition.members().stream()
                .map(m -> field(m, all))
                .collect(Collectors.joining(", ")));
  }

  private static String field(Definition.Member member, Definitions all) {
    int base =
        member.nested()
            ? NESTED
            : member.bound() > 0 ? BOUNDED_STRING : Primitive.of(member.type()).typeId;
    int offset =
        switch (member.shape()) {
          case SINGLE -> 0;
          case ARRAY -> ARRAY;
          case BOUNDED_SEQUENCE -> BOUNDED_SEQUENCE;
          case SEQUENCE -> SEQUENCE;
        };
    return ("{\"name\": \"%s\", \"type\": {\"type_id\": %s, \"capacity\": %s,"
            + " \"string_capacity\": %s, \"nested_type_name\": \"%s\"}}")
        .formatted(
            member.name(),
            base + offset,
            member.count(),
            member.bound(),
            member.nested() ? all.get(member.type()).rosName() : "");
  }
}

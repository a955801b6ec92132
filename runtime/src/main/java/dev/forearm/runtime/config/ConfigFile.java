package dev.forearm.runtime.config;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a YAML file into the caller's record and refuses every key the caller did not ask for, or
 * that is given twice.
 */
public final class ConfigFile {
  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @param reader asks the root section for every key that may be there
   * @throws RuntimeFault if the file is missing or unreadable, is not YAML, lacks a required key,
   *     has a value of the wrong type, a key twice or one that {@code reader} did not ask for
   */
  public static <T> T read(Path file, Function<Section, T> reader) {
    try {
      return parse(Files.readString(file), file.toString(), reader);
    } catch (NoSuchFileException e) {
      throw new RuntimeFault("reading %s: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new RuntimeFault("reading %s: %s".formatted(file, e), e);
    }
  }

  /** As {@link #read}, from text; {@code name} stands for the file in messages. */
  public static <T> T parse(String text, String name, Function<Section, T> reader) {
    Section root = new Section(name, "", compose(text, name));
    T value;
    try {
      value = reader.apply(root);
    } catch (IllegalArgumentException e) {
      throw new RuntimeFault("%s: %s".formatted(name, e.getMessage()), e);
    }
    root.refuseUnknownKeys();
    return value;
  }

  /** Writes values, maps and lists as YAML that {@link #parse} reads back. */
  public static String write(Map<String, ?> values) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(values);
  }

  private static MappingNode compose(String text, String name) {
    LoadSettings settings = LoadSettings.builder().setLabel(name).setUseMarks(true).build();
    Node root;
    try {
      root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> new RuntimeFault("reading %s: the file is empty".formatted(name)));
    } catch (YamlEngineException e) {
      throw new RuntimeFault("reading %s: not YAML: %s".formatted(name, e.getMessage()), e);
    }
    if (root instanceof MappingNode mapping) {
      return mapping;
    }
    throw new RuntimeFault(
        "reading %s: found a bare value, wanted keys and values".formatted(name));
  }
}

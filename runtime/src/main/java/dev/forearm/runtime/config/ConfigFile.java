package dev.forearm.runtime.config;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.report.Json;
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
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/**
 * Reads a YAML or JSON file into the caller's record and refuses every key the caller did not ask
 * for, or that is given twice.
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
    return parse(text(file), file.toString(), reader);
  }

  /** As {@link #read}, of JSON. */
  public static <T> T readJson(Path file, Function<Section, T> reader) {
    return parseJson(text(file), file.toString(), reader);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new RuntimeFault("reading %s: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new RuntimeFault("reading %s: %s".formatted(file, e), e);
    }
  }

  /** As {@link #read}, from text; {@code name} stands for the file in messages. */
  public static <T> T parse(String text, String name, Function<Section, T> reader) {
    return read(compose(text, name), name, reader);
  }

  /** As {@link #parse}, from JSON; messages tell the key, but not its line. */
  public static <T> T parseJson(String text, String name, Function<Section, T> reader) {
    try {
      return read(
          new StandardRepresenter(DumpSettings.builder().build()).represent(Json.read(text)),
          name,
          reader);
    } catch (IllegalArgumentException e) {
      throw new RuntimeFault("reading %s: not JSON: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static <T> T read(Node root, String name, Function<Section, T> reader) {
    if (!(root instanceof MappingNode mapping)) {
      throw new RuntimeFault(
          "reading %s: found a bare value, wanted keys and values".formatted(name));
    }
    Section section = new Section(name, "", mapping);
    T value;
    try {
      value = reader.apply(section);
    } catch (IllegalArgumentException e) {
      throw new RuntimeFault("%s: %s".formatted(name, e.getMessage()), e);
    }
    section.refuseUnknownKeys();
    return value;
  }

  /** Writes values, maps and lists as YAML that {@link #parse} reads back. */
  public static String write(Map<String, ?> values) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(values);
  }

  private static Node compose(String text, String name) {
    LoadSettings settings = LoadSettings.builder().setLabel(name).setUseMarks(true).build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> new RuntimeFault("reading %s: the file is empty".formatted(name)));
    } catch (YamlEngineException e) {
      throw new RuntimeFault("reading %s: not YAML: %s".formatted(name, e.getMessage()), e);
    }
  }
}

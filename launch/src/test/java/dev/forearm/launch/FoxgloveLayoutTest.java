package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layout for Foxglove in docs against an episode: all that it names is there. */
final class FoxgloveLayoutTest {
  private static final Path LAYOUT = Path.of("../docs/foxglove.json");

  /** One step of a message path: a field, an element, or the elements with a field of a value. */
  private static final Pattern STEP =
      Pattern.compile("\\.(\\w+)|\\[(\\d+|:)]|\\{(\\w+)==\"([^\"]*)\"}");

  @TempDir private Path folder;

  @Test
  void everyTopicAndFieldOfTheLayoutIsInAnEpisode() throws Exception {
    Map<?, ?> panels = (Map<?, ?>) at(layout(), "configById");
    Map<String, byte[]> last = new HashMap<>();
    Map<String, Object> messages = new HashMap<>();
    try (McapReader reader = McapReader.open(RecordedEpisode.in(folder))) {
      reader.read((channel, _, _, _, payload) -> {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        last.put(channel.topic(), bytes);
      });
      reader
          .channels()
          .forEach(channel -> {
            byte[] cdr = last.get(channel.topic());
            if (cdr != null) {
              messages.put(channel.topic(), decoded(channel.schema().name(), cdr));
            }
          });
    }
    Set<String> shown = new HashSet<>();
    for (Object panel : panels.values()) {
      topics(panel)
          .forEach(topic -> {
            assertTrue(messages.containsKey(topic), topic);
            shown.add(topic);
          });
      for (String path : paths(panel)) {
        String topic = topic(path, messages.keySet());
        assertFalse(found(at(messages, topic), path.substring(topic.length())).isEmpty(), path);
        shown.add(topic);
      }
    }
    assertTrue(
        shown.containsAll(
            Set.of(
                "/scene_camera/image_raw",
                "/joint_states",
                "/forearm/imagination",
                "/forearm/observation",
                "/forearm/safety")),
        shown.toString());
  }

  @Test
  void whatIsDrawnAsHeightsAreHeightsOfThePolicy() throws IOException {
    PolicySpec spec;
    try (Bundle bundle = BundleReader.read(Path.of("../models/bundles/lift-sft"), Trust.anyone())) {
      spec = bundle.manifest().spec();
    }
    int lastFrame = (spec.frameSteps().size() - 1) * spec.frameWidth();
    String layout = Files.readString(LAYOUT);
    for (String feature : List.of("tool_position", "red_cube")) {
      int observed = spec.offsetOf(feature) + 2;
      int imagined = lastFrame + spec.frameOffsetOf(feature) + 2;
      assertTrue(layout.contains("/forearm/observation.data[" + observed + "]"), feature);
      assertTrue(layout.contains("/forearm/imagination.data[" + imagined + "]"), feature);
    }
  }

  @Test
  void everyPanelHasAPlaceAndEveryPlaceAPanel() throws IOException {
    Set<Object> placed = new HashSet<>();
    places(at(layout(), "layout"), placed);
    assertEquals(((Map<?, ?>) at(layout(), "configById")).keySet(), placed);
  }

  private static Object layout() throws IOException {
    return Objects.requireNonNull(Json.read(Files.readString(LAYOUT)));
  }

  private static Object at(Object map, String key) {
    return Objects.requireNonNull(((Map<?, ?>) map).get(key), key);
  }

  private static void places(Object node, Set<Object> placed) {
    if (node instanceof Map<?, ?> split) {
      places(at(split, "first"), placed);
      places(at(split, "second"), placed);
    } else {
      assertTrue(placed.add(node), String.valueOf(node));
    }
  }

  private static Stream<String> topics(Object panel) {
    Map<?, ?> config = (Map<?, ?>) panel;
    Stream<?> drawn =
        config.get("topics") instanceof Map<?, ?> map ? map.keySet().stream() : Stream.of();
    Stream<?> image =
        config.get("imageMode") instanceof Map<?, ?> mode
            ? Stream.of(mode.get("imageTopic"))
            : Stream.of();
    return Stream.concat(drawn, image).map(String::valueOf);
  }

  private static List<String> paths(Object panel) {
    List<String> paths = new ArrayList<>();
    if (((Map<?, ?>) panel).get("paths") instanceof List<?> list) {
      list.forEach(path -> paths.add(String.valueOf(((Map<?, ?>) path).get("value"))));
    }
    return paths;
  }

  private static String topic(String path, Set<String> recorded) {
    String topic = path.substring(0, path.indexOf('.'));
    assertTrue(recorded.contains(topic), path);
    return topic;
  }

  private static Object decoded(String type, byte[] cdr) {
    String name = "dev.forearm.ros.msg." + type.replace("/msg/", ".");
    try {
      return Class.forName(name)
          .getMethod("decode", MemorySegment.class)
          .invoke(null, MemorySegment.ofArray(cdr));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type, e);
    }
  }

  /** What a message path leads to. */
  private static List<Object> found(Object message, String path) {
    List<Object> values = List.of(message);
    Matcher steps = STEP.matcher(path);
    int end = 0;
    while (steps.find()) {
      assertEquals(end, steps.start(), path);
      end = steps.end();
      List<Object> next = new ArrayList<>();
      for (Object value : values) {
        if (steps.group(1) != null) {
          next.add(field(value, steps.group(1)));
        } else if (steps.group(2) != null) {
          next.addAll(elements(value, steps.group(2)));
        } else if (field(value, steps.group(3)).equals(steps.group(4))) {
          next.add(value);
        }
      }
      values = next;
    }
    assertEquals(path.length(), end, path);
    return values;
  }

  private static Object field(Object message, String name) {
    try {
      return message.getClass().getMethod(name).invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name + " of " + message.getClass(), e);
    }
  }

  private static List<Object> elements(Object values, String which) {
    List<Object> all = new ArrayList<>();
    if (values instanceof List<?> list) {
      all.addAll(list);
    } else {
      for (int i = 0; i < Array.getLength(values); i++) {
        all.add(Array.get(values, i));
      }
    }
    return which.equals(":") ? all : List.of(all.get(Integer.parseInt(which)));
  }
}

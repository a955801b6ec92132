package dev.forearm.runtime.urdf;

import dev.forearm.runtime.RuntimeFault;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * What MoveIt's SRDF says beside a URDF: which joints belong together, where a chain begins and
 * ends, and a pose to rest in.
 *
 * @param groups joints by group, in the order of the file; each joint in the first that has it
 * @param chains base and tip link of each chain, in the order of the file
 * @param home positions by joint: of each group's first state
 */
record Srdf(Map<String, Set<String>> groups, List<Chain> chains, Map<String, Double> home) {
  /** Without one. */
  static final Srdf NONE = new Srdf(Map.of(), List.of(), Map.of());

  /** A chain of links. */
  record Chain(String base, String tip) {}

  /**
   * Reads a file.
   *
   * @throws RuntimeFault if it is damaged or speaks of another robot
   */
  static Srdf read(Path file, Urdf urdf) {
    Element robot = XmlFile.read(file, "robot");
    String name = robot.getAttribute("name").strip();
    if (!name.isEmpty() && !urdf.name().isEmpty() && !name.equals(urdf.name())) {
      throw new RuntimeFault(
          "%s: found robot '%s', the URDF's is '%s'".formatted(file, name, urdf.name()));
    }
    Map<String, Set<String>> groups = new LinkedHashMap<>();
    Set<String> taken = new LinkedHashSet<>();
    List<Element> elements = XmlFile.children(robot, "group");
    for (Element group : elements) {
      Set<String> joints = new LinkedHashSet<>();
      XmlFile.children(group, "chain").stream()
          .map(Srdf::chain)
          .forEach(chain ->
              urdf.path(chain.base(), chain.tip()).forEach(joint -> joints.add(joint.name())));
      for (Element joint : XmlFile.children(group, "joint")) {
        joints.add(joint.getAttribute("name").strip());
      }
      joints.removeIf(joint -> !urdf.joints().containsKey(joint) || !taken.add(joint));
      if (!joints.isEmpty()) {
        groups.put(group.getAttribute("name").strip(), joints);
      }
    }
    return new Srdf(
        groups,
        elements.stream()
            .flatMap(group -> XmlFile.children(group, "chain").stream())
            .map(Srdf::chain)
            .toList(),
        home(robot));
  }

  private static Chain chain(Element chain) {
    return new Chain(
        chain.getAttribute("base_link").strip(), chain.getAttribute("tip_link").strip());
  }

  private static Map<String, Double> home(Element robot) {
    Map<String, Double> home = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Element state : XmlFile.children(robot, "group_state")) {
      if (seen.add(state.getAttribute("group"))) {
        for (Element joint : XmlFile.children(state, "joint")) {
          value(joint).ifPresent(at -> home.putIfAbsent(joint.getAttribute("name").strip(), at));
        }
      }
    }
    return home;
  }

  private static Optional<Double> value(Element joint) {
    try {
      double value = Double.parseDouble(joint.getAttribute("value").strip());
      return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // of a joint with several values, which is none of ours
    }
  }
}

package dev.forearm.runtime.urdf;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.urdf.UrdfJoint.Mimic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * A robot as its URDF describes it: one tree of links, each but the root behind a joint. Meshes,
 * materials, transmissions and simulators' extensions are passed over.
 */
final class Urdf {
  private static final double AXIS_MIN = 1e-6;

  private final String file;
  private final String name;
  private final Map<String, Double> masses = new LinkedHashMap<>(); // of links, kg
  private final Map<String, UrdfJoint> joints = new LinkedHashMap<>();
  private final Map<String, UrdfJoint> above = new LinkedHashMap<>(); // by child link
  private final String root;

  private Urdf(String file, Element robot) {
    this.file = file;
    requireExpanded(robot);
    name = robot.getAttribute("name").strip();
    for (Element loop : XmlFile.children(robot, "loop_joint")) {
      throw fault("closed loop '%s': a robot file has no loops".formatted(nameOf(loop)));
    }
    for (Element link : XmlFile.children(robot, "link")) {
      if (masses.put(nameOf(link), mass(link)) != null) {
        throw fault("link '%s' is there twice".formatted(nameOf(link)));
      }
    }
    for (Element element : XmlFile.children(robot, "joint")) {
      UrdfJoint joint = joint(element);
      if (joints.put(joint.name(), joint) != null) {
        throw fault("joint '%s' is there twice".formatted(joint.name()));
      }
      UrdfJoint other = above.put(joint.child(), joint);
      if (other != null) {
        throw fault(
            "closed loop: link '%s' is the child of joints '%s' and '%s', wanted one"
                .formatted(joint.child(), other.name(), joint.name()));
      }
    }
    root = onlyRoot();
    resolveMimics();
  }

  /**
   * Reads a URDF file.
   *
   * @throws RuntimeFault naming the file, what is wrong with it or cannot be represented, and the
   *     remedy
   */
  static Urdf read(Path file) {
    return new Urdf(file.toString(), XmlFile.read(file, "robot"));
  }

  /** As {@link #read}, from text; {@code name} stands for the file in messages. */
  static Urdf parse(String text, String name) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Urdf(name, XmlFile.parse(bytes, name, "robot"));
  }

  /** The robot's name; may be empty. */
  String name() {
    return name;
  }

  /** The link that all others hang from. */
  String root() {
    return root;
  }

  /** Joints by name, in the order of the file. */
  Map<String, UrdfJoint> joints() {
    return joints;
  }

  boolean hasLink(String link) {
    return masses.containsKey(link);
  }

  /** Links that no joint leads on from, in the order of the file. */
  List<String> tips() {
    Set<String> tips = new LinkedHashSet<>(masses.keySet());
    joints.values().forEach(joint -> tips.remove(joint.parent()));
    return List.copyOf(tips);
  }

  /**
   * The joints from one link to another below it.
   *
   * @throws RuntimeFault if there is no such link, or it is not below
   */
  List<UrdfJoint> path(String from, String to) {
    for (String link : List.of(from, to)) {
      if (!hasLink(link)) {
        throw fault("no link '%s'; its links are %s".formatted(link, masses.keySet()));
      }
    }
    Deque<UrdfJoint> path = new ArrayDeque<>();
    String at = to;
    while (!at.equals(from)) {
      UrdfJoint joint = above.get(at);
      if (joint == null) {
        throw fault("link '%s' is not below '%s'".formatted(to, from));
      }
      path.addFirst(joint);
      at = joint.parent();
    }
    return List.copyOf(path);
  }

  /** Mass of all that moves with a joint and with none after it, kg. */
  double massMovedBy(UrdfJoint mover) {
    double mass = 0;
    for (Map.Entry<String, Double> link : masses.entrySet()) {
      UrdfJoint at = above.get(link.getKey());
      while (at != null && !at.moves()) {
        at = above.get(at.parent());
      }
      if (at != null && at.name().equals(mover.name())) {
        mass += link.getValue();
      }
    }
    return mass;
  }

  /** A fault about this file. */
  RuntimeFault fault(String problem) {
    return new RuntimeFault("%s: %s".formatted(file, problem));
  }

  private void requireExpanded(Element element) {
    NamedNodeMap attributes = element.getAttributes();
    boolean macro = element.getTagName().startsWith("xacro:");
    for (int i = 0; i < attributes.getLength() && !macro; i++) {
      String value = attributes.item(i).getNodeValue();
      macro = value.contains("${") || value.contains("$(");
    }
    if (macro) {
      throw fault(
          "xacro is not expanded, <%s>; run 'xacro FILE -o robot.urdf' first"
              .formatted(element.getTagName()));
    }
    for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element child) {
        requireExpanded(child);
      }
    }
  }

  private UrdfJoint joint(Element element) {
    String joint = nameOf(element);
    UrdfJoint.Type type = type(joint, element.getAttribute("type").strip());
    Optional<Element> limit = XmlFile.child(element, "limit");
    return new UrdfJoint(
        joint,
        type,
        link(element, joint, "parent"),
        link(element, joint, "child"),
        origin(element, joint),
        type == UrdfJoint.Type.FIXED ? new double[3] : axis(element, joint),
        range(element, joint, type, limit),
        limit.map(at -> number(at, joint, "velocity", 0)).orElse(0.0),
        limit.map(at -> number(at, joint, "effort", 0)).orElse(0.0),
        type == UrdfJoint.Type.FIXED ? Optional.empty() : mimic(element, joint));
  }

  private UrdfJoint.Type type(String joint, String type) {
    return switch (type) {
      case "fixed" -> UrdfJoint.Type.FIXED;
      case "revolute" -> UrdfJoint.Type.REVOLUTE;
      case "continuous" -> UrdfJoint.Type.CONTINUOUS;
      case "prismatic" -> UrdfJoint.Type.PRISMATIC;
      default ->
          throw fault(
              "joint '%s' is %s; a robot file has fixed, revolute, continuous and prismatic joints, remove it or make it fixed"
                  .formatted(joint, type.isEmpty() ? "of no type" : type));
    };
  }

  private String link(Element element, String joint, String end) {
    String link =
        XmlFile.child(element, end)
            .flatMap(at -> XmlFile.attribute(at, "link"))
            .orElseThrow(() -> fault("joint '%s' has no %s link".formatted(joint, end)));
    if (!hasLink(link)) {
      throw fault("joint '%s': its %s '%s' is no link".formatted(joint, end, link));
    }
    return link;
  }

  private double[] origin(Element element, String joint) {
    double[] origin = new double[6];
    XmlFile.child(element, "origin")
        .ifPresent(at -> {
          System.arraycopy(numbers(at, joint, "xyz", new double[3]), 0, origin, 0, 3);
          System.arraycopy(numbers(at, joint, "rpy", new double[3]), 0, origin, 3, 3);
        });
    return origin;
  }

  private double[] axis(Element element, String joint) {
    double[] axis =
        XmlFile.child(element, "axis")
            .map(at -> numbers(at, joint, "xyz", new double[] {1, 0, 0}))
            .orElse(new double[] {1, 0, 0});
    double length = Math.hypot(Math.hypot(axis[0], axis[1]), axis[2]);
    if (!(length > AXIS_MIN)) {
      throw fault("joint '%s': its axis is 0".formatted(joint));
    }
    return new double[] {axis[0] / length, axis[1] / length, axis[2] / length};
  }

  private Optional<double[]> range(
      Element element, String joint, UrdfJoint.Type type, Optional<Element> limit) {
    if (type == UrdfJoint.Type.FIXED || type == UrdfJoint.Type.CONTINUOUS) {
      return Optional.empty();
    }
    Element found =
        limit.orElseThrow(
            () -> fault("joint '%s' has no <limit>, which it needs to be safe".formatted(joint)));
    double lower = number(found, joint, "lower", 0);
    double upper = number(found, joint, "upper", 0);
    Optional<Element> soft = XmlFile.child(element, "safety_controller");
    if (soft.isPresent()) {
      lower = Math.max(lower, number(soft.get(), joint, "soft_lower_limit", lower));
      upper = Math.min(upper, number(soft.get(), joint, "soft_upper_limit", upper));
    }
    return Optional.of(new double[] {lower, upper});
  }

  private Optional<Mimic> mimic(Element element, String joint) {
    return XmlFile.child(element, "mimic")
        .map(at ->
            new Mimic(
                at.getAttribute("joint").strip(),
                number(at, joint, "multiplier", 1),
                number(at, joint, "offset", 0)));
  }

  private double mass(Element link) {
    return XmlFile.child(link, "inertial")
        .flatMap(inertial -> XmlFile.child(inertial, "mass"))
        .map(mass -> number(mass, nameOf(link), "value", 0))
        .orElse(0.0);
  }

  private String onlyRoot() {
    List<String> roots = masses.keySet().stream().filter(link -> !above.containsKey(link)).toList();
    if (roots.size() != 1) {
      throw fault(
          roots.isEmpty()
              ? "closed loop: each of links %s hangs from another".formatted(masses.keySet())
              : "links %s hang from none, wanted one such; join them".formatted(roots));
    }
    for (String link : masses.keySet()) {
      Set<String> seen = new HashSet<>();
      for (UrdfJoint at = above.get(link); at != null; at = above.get(at.parent())) {
        if (!seen.add(at.name())) {
          throw fault("closed loop: joints %s follow each other round".formatted(seen));
        }
      }
    }
    return roots.getFirst();
  }

  /** Has each follower follow a joint that follows none. */
  private void resolveMimics() {
    joints.replaceAll((follower, joint) -> {
      Optional<Mimic> mimic = joint.mimic();
      if (mimic.isEmpty()) {
        return joint;
      }
      double multiplier = 1;
      double offset = 0;
      Set<String> seen = new LinkedHashSet<>(List.of(follower));
      UrdfJoint at = joint;
      while (at.mimic().isPresent()) {
        Mimic step = at.mimic().get();
        offset += multiplier * step.offset();
        multiplier *= step.multiplier();
        UrdfJoint master = joints.get(step.master());
        if (master == null || !master.moves()) {
          throw fault(
              "joint '%s' mimics '%s', which %s"
                  .formatted(
                      at.name(), step.master(), master == null ? "is no joint" : "is fixed"));
        }
        if (!seen.add(master.name())) {
          throw fault("joints %s mimic each other".formatted(seen));
        }
        at = master;
      }
      return joint.following(new Mimic(at.name(), multiplier, offset));
    });
    above.replaceAll((_, joint) -> joints.getOrDefault(joint.name(), joint));
  }

  private String nameOf(Element element) {
    String found = element.getAttribute("name").strip();
    if (found.isEmpty() || !found.matches("[\\w./ :+-]+")) {
      throw fault(
          "found <%s name=\"%s\">, wanted a name of letters, digits and _./:+-"
              .formatted(element.getTagName(), found));
    }
    return found;
  }

  private double number(Element element, String of, String key, double absent) {
    return XmlFile.attribute(element, key).map(text -> parsed(text, of, key)).orElse(absent);
  }

  private double[] numbers(Element element, String of, String key, double[] absent) {
    Optional<String> text = XmlFile.attribute(element, key);
    if (text.isEmpty()) {
      return absent;
    }
    List<Double> numbers = new ArrayList<>();
    for (String word : text.get().split("\\s+", -1)) {
      numbers.add(parsed(word, of, key));
    }
    if (numbers.size() != absent.length) {
      throw fault(
          "'%s': %s is '%s', wanted %s numbers".formatted(of, key, text.get(), absent.length));
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double parsed(String text, String of, String key) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number that is not finite
    }
    throw fault("'%s': %s is '%s', wanted a number".formatted(of, key, text));
  }
}

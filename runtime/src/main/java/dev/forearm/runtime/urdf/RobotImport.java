package dev.forearm.runtime.urdf;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.RobotFile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A robot file out of a URDF: joints with their limits, joint groups, the chain to the tool and a
 * branch to every other tip. What only the robot's driver knows, its topics, and what only its user
 * knows, the workspace, is filled in so that the file is complete, and marked {@code check}.
 */
public final class RobotImport {
  private static final String CHECK = "check: ";
  private static final int DECIMALS = 12;

  private final Urdf urdf;
  private final Srdf srdf;
  private final String name;
  private final String base;
  private final String tool;
  private final int controlHz;
  private final List<UrdfJoint> chain;
  private final List<ImportedJoint> joints = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private RobotImport(
      Path file,
      Optional<Path> srdfFile,
      Optional<Path> limitsFile,
      Optional<String> baseLink,
      Optional<String> toolLink,
      int controlHz) {
    urdf = Urdf.read(file);
    srdf = srdfFile.map(path -> Srdf.read(path, urdf)).orElse(Srdf.NONE);
    Map<String, JointLimits> limits =
        limitsFile.map(path -> JointLimits.read(path, urdf)).orElse(Map.of());
    this.controlHz = controlHz;
    name = urdf.name().isEmpty() ? "robot" : urdf.name();
    base = baseLink.or(() -> onlyChain().map(Srdf.Chain::base)).orElse(urdf.root());
    tool = toolLink.or(() -> onlyChain().map(Srdf.Chain::tip)).orElseGet(this::onlyTip);
    chain = urdf.path(base, tool);
    Set<UrdfJoint> inOrder = new LinkedHashSet<>(chain); // from the base to the tool, then the rest
    inOrder.addAll(urdf.joints().values());
    for (UrdfJoint joint : inOrder) {
      if (joint.moves() && !hangsFromBase(joint.parent())) {
        throw urdf.fault(
            "joint '%s' does not hang from '%s'; choose a --base above it"
                .formatted(joint.name(), base));
      }
      if (joint.leads()) {
        joints.add(
            ImportedJoint.of(urdf, joint, limits.getOrDefault(joint.name(), JointLimits.NONE)));
      }
    }
    if (chain.stream().noneMatch(UrdfJoint::moves)) {
      throw urdf.fault("nothing moves between '%s' and '%s'".formatted(base, tool));
    }
  }

  /**
   * Makes the text of a robot file.
   *
   * @param urdf the description, its xacro expanded
   * @param srdf MoveIt's, with groups and chains
   * @param limits MoveIt's joint_limits.yaml; the stricter of its limits and the URDF's count
   * @param base link in whose frame all poses are; empty: the SRDF's only chain's, else the root
   * @param tool link at the end of the chain; empty: the SRDF's only chain's, else the only tip
   * @param controlHz the control rate, 100 to 2000
   * @throws RuntimeFault naming what is wrong or what no robot file can say
   */
  public static String text(
      Path urdf,
      Optional<Path> srdf,
      Optional<Path> limits,
      Optional<String> base,
      Optional<String> tool,
      int controlHz) {
    RobotImport made = new RobotImport(urdf, srdf, limits, base, tool, controlHz);
    String text = made.write(urdf);
    RobotFile.parse(text, made.name + ".yaml"); // whatever is wrong is said now
    return text;
  }

  private Optional<Srdf.Chain> onlyChain() {
    return srdf.chains().size() == 1 ? Optional.of(srdf.chains().getFirst()) : Optional.empty();
  }

  private String onlyTip() {
    List<String> tips = urdf.tips();
    if (tips.size() != 1) {
      throw urdf.fault(
          "its chains end at %s; choose the one to work with by --tool LINK".formatted(tips));
    }
    return tips.getFirst();
  }

  private String write(Path file) {
    line(
        "# %s, imported from %s. What the description does not say is marked '%s'."
            .formatted(name, String.valueOf(file.getFileName()), CHECK.strip()));
    line("name: %s".formatted(quoted(name)));
    line("");
    line("joints: # in command order; limits: the strictest that are known");
    joints.forEach(this::joint);
    line("");
    line(
        "joint_groups: # %sone for each controller of the driver, and its topics".formatted(CHECK));
    groups().forEach(this::group);
    line("");
    line("chain: # of %s".formatted(String.valueOf(file.getFileName())));
    line("  base_frame: %s".formatted(quoted(base)));
    line("  tool_frame: %s".formatted(quoted(tool)));
    line("  links:");
    chain.forEach(this::link);
    branches();
    workspace();
    line("topics: {objects: /objects, object_names: /object_names}");
    line(
        "rates_hz: {control: %s, policy: 20} # %sthe driver's update rate"
            .formatted(controlHz, CHECK));
    line(
        "timeouts_ms: {joint_state: %s, observation: 250, chunk: 500, ramp_down: 2000}"
            .formatted(Math.max(40, 10_000 / controlHz)));
    line("control: {blend_ms: 100}");
    line("safety: {action_slack: 0.25, resumes_by_itself: false}");
    hardware();
    return text.toString();
  }

  private void joint(ImportedJoint joint) {
    List<String> notes = new ArrayList<>();
    if (joint.joint().range().isEmpty()) {
      notes.add("it turns for ever, here one turn either way");
    }
    if (!joint.accelerationKnown()) {
      notes.add(CHECK + "acceleration_max is a guess");
    }
    line(
        "  - {name: %s, unit: %s, position: [%s, %s], velocity_max: %s, acceleration_max: %s%s}%s"
            .formatted(
                quoted(joint.joint().name()),
                joint.joint().slides() ? "m" : "rad",
                joint.positionMin(),
                joint.positionMax(),
                joint.velocityMax(),
                joint.accelerationMax(),
                Double.isInfinite(joint.jerkMax()) ? "" : ", jerk_max: " + joint.jerkMax(),
                notes.isEmpty() ? "" : " # " + String.join("; ", notes)));
  }

  /** The SRDF's groups, and what it leaves out: joints of the chain, then the rest. */
  private Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    Set<String> left =
        joints.stream()
            .map(joint -> joint.joint().name())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    srdf.groups().forEach((group, members) -> take(group, members, left, groups));
    Set<String> moving = chain.stream().map(UrdfJoint::name).collect(Collectors.toSet());
    take("arm", moving, left, groups);
    take("gripper", Set.copyOf(left), left, groups);
    return groups;
  }

  private static void take(
      String group, Set<String> members, Set<String> left, Map<String, List<String>> groups) {
    List<String> taken = left.stream().filter(members::contains).toList();
    taken.forEach(left::remove);
    if (!taken.isEmpty()) {
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).addAll(taken);
    }
  }

  private void group(String group, List<String> members) {
    line("  - name: %s".formatted(quoted(group)));
    line("    joints: [%s]".formatted(members.stream().map(RobotImport::quoted).collect(commas())));
    line("    states: /joint_states");
    line(
        "    command: {topic: %s, form: trajectory, rate_hz: %s}"
            .formatted(
                quoted("/" + group.replaceAll("\\W", "_") + "_controller/joint_trajectory"),
                controlHz));
  }

  private void link(UrdfJoint joint) {
    double[] origin = joint.origin();
    StringBuilder link = new StringBuilder();
    link.append("xyz: ").append(triple(origin[0], origin[1], origin[2]));
    link.append(", rpy_deg: ")
        .append(
            triple(
                Math.toDegrees(origin[3]), Math.toDegrees(origin[4]), Math.toDegrees(origin[5])));
    if (joint.moves()) {
      double[] axis = joint.axis();
      link.append(", joint: ")
          .append(quoted(joint.mimic().map(UrdfJoint.Mimic::master).orElse(joint.name())))
          .append(", axis: ")
          .append(triple(axis[0], axis[1], axis[2]));
    }
    joint
        .mimic()
        .ifPresent(mimic ->
            link.append(", mimic: {multiplier: ")
                .append(mimic.multiplier())
                .append(", offset: ")
                .append(mimic.offset())
                .append(", slides: ")
                .append(joint.slides())
                .append("}"));
    line("    - {%s}%s".formatted(link, joint.leads() ? "" : " # " + joint.name()));
  }

  private void branches() {
    List<String> tips =
        urdf.tips().stream().filter(tip -> !tip.equals(tool) && hangsFromBase(tip)).toList();
    if (tips.isEmpty()) {
      return;
    }
    line("");
    line("branches: # other ends of it, each after so many links of the chain");
    for (String tip : tips) {
      List<UrdfJoint> path = urdf.path(base, tip);
      int shared = 0;
      while (shared < Math.min(path.size(), chain.size())
          && path.get(shared).name().equals(chain.get(shared).name())) {
        shared++;
      }
      line("  - frame: %s".formatted(quoted(tip)));
      line("    after: %s".formatted(shared));
      line("    links:");
      path.stream().skip(shared).forEach(this::link);
    }
  }

  private boolean hangsFromBase(String link) {
    return base.equals(urdf.root())
        || urdf.path(urdf.root(), link).stream().anyMatch(joint -> joint.child().equals(base));
  }

  private void workspace() {
    double reach = 0;
    for (UrdfJoint joint : chain) {
      double[] o = joint.origin();
      reach += Math.sqrt(o[0] * o[0] + o[1] * o[1] + o[2] * o[2]);
    }
    for (ImportedJoint joint : joints) {
      if (joint.joint().slides() && chain.contains(joint.joint())) {
        reach += Math.max(Math.abs(joint.positionMin()), Math.abs(joint.positionMax()));
      }
    }
    double side = Math.ceil(100 * reach) / 100;
    line("");
    line("workspace: # %sall that it can reach; keep it off table and walls".formatted(CHECK));
    line("  min_m: %s".formatted(triple(-side, -side, -side)));
    line("  max_m: %s".formatted(triple(side, side, side)));
    line("");
  }

  private void hardware() {
    line("");
    line("hardware: # of which simulator and doctor make use");
    line(
        "  states_hz: %s # %show often the driver publishes joint states"
            .formatted(controlHz, CHECK));
    if (joints.stream().allMatch(joint -> joint.joint().effortMax() > 0)) {
      line("  effort_max: [%s]".formatted(each(joint -> joint.joint().effortMax())));
    }
    if (joints.stream().allMatch(joint -> urdf.massMovedBy(joint.joint()) > 0)) {
      line("  mass_kg: [%s]".formatted(each(joint -> urdf.massMovedBy(joint.joint()))));
    }
    if (!srdf.home().isEmpty()) {
      line("  home: [%s]".formatted(each(this::home)));
    }
  }

  private double home(ImportedJoint joint) {
    double middle = 0.5 * (joint.positionMin() + joint.positionMax());
    double home = srdf.home().getOrDefault(joint.joint().name(), middle);
    return Math.clamp(home, joint.positionMin(), joint.positionMax());
  }

  private String each(java.util.function.Function<ImportedJoint, Double> value) {
    return joints.stream().map(joint -> plain(value.apply(joint))).collect(commas());
  }

  private static java.util.stream.Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(", ");
  }

  private static String triple(double x, double y, double z) {
    return "[%s, %s, %s]".formatted(plain(x), plain(y), plain(z));
  }

  /** To a millionth of a millionth, which takes away what a maker's own arithmetic left. */
  private static String plain(double value) {
    return new BigDecimal(value)
        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String quoted(String word) {
    return word.matches("/?[A-Za-z_][\\w./-]*") ? word : "'" + word.replace("'", "''") + "'";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}

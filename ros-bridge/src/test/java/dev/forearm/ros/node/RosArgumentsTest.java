package dev.forearm.ros.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.parameter.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class RosArgumentsTest {
  private static final NodeName OWN = new NodeName("/", "forearm");

  private static RosArguments parse(String... arguments) {
    return RosArguments.parse(List.of(arguments));
  }

  private static Names names(NodeName node, String... remaps) {
    return new Names(node, List.of(remaps).stream().map(RemapRule::parse).toList());
  }

  @Test
  void theNodeIsNamedAsLaunchFilesNameIt() {
    assertEquals(OWN, RosArguments.NONE.name(OWN));
    assertEquals(
        "/left/arm_1", parse("-r", "__node:=arm_1", "-r", "__ns:=/left").name(OWN).toString());
    assertEquals("/arm", parse("--remap", "__name:=arm").name(OWN).toString());
    assertEquals(
        "/a", parse("-r", "other:__node:=b", "-r", "forearm:__node:=a").name(OWN).toString());
    assertThrows(RosFault.class, () -> parse("-r", "__node:=a/b").name(OWN));
  }

  @Test
  void namesAreExpandedAndThenRemapped() {
    NodeName node = new NodeName("/left", "arm");
    Names names =
        names(
            node,
            "joint_states:=/robot/joint_states",
            "~/state:=status",
            "other:x:=never",
            "arm:y:=/z",
            "rosservice://swap:=/exchange");
    assertEquals("/robot/joint_states", names.resolve("joint_states"));
    assertEquals("/robot/joint_states", names.resolve("/left/joint_states"));
    assertEquals("/joint_states", names.resolve("/joint_states"));
    assertEquals("/left/status", names.resolve("~/state"));
    assertEquals("/left/arm/other", names.resolve("~/other"));
    assertEquals("/left/x", names.resolve("x"));
    assertEquals("/z", names.resolve("y"));
    assertEquals("/exchange", names.resolve("swap"));
    assertEquals("/left/arm/q", names.resolve("{ns}/{node}/q"));
    assertThrows(RosFault.class, () -> names.resolve("no such name"));
  }

  @Test
  void parametersComeFromFileAndLineAndTheLastOneCounts(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("p.yaml");
    Files.writeString(
        file,
        """
        /**:
          ros__parameters:
            use_sim_time: true
            limits: {speed: 0.5, names: [a, b]}
        left:
          forearm:
            ros__parameters: {count: 3}
        /right/forearm:
          ros__parameters: {count: 4}
        """);
    RosArguments arguments =
        parse("--params-file", file.toString(), "-p", "count:=5", "-p", "other:label:='7'");
    Map<String, ParameterValue> values = arguments.parametersOf(new NodeName("/left", "forearm"));
    assertEquals(Values.of(true), values.get("use_sim_time"));
    assertEquals(Values.of(0.5), values.get("limits.speed"));
    assertEquals(
        List.of("a", "b"), Objects.requireNonNull(values.get("limits.names")).stringArrayValue());
    assertEquals(Values.of(5L), values.get("count"));
    assertFalse(values.containsKey("label"));
    assertEquals(Values.of("7"), arguments.parametersOf(new NodeName("/", "other")).get("label"));
  }

  @Test
  void aLevelOfTheLogIsThatOfTheNodeOrOfAll() {
    RosArguments arguments =
        parse("--log-level", "WARN", "--log-level", "forearm:=debug")
            .and(parse("--log-level", "error"));
    assertEquals(Optional.of(Level.DEBUG), arguments.logLevelOf(new NodeName("/left", "forearm")));
    assertEquals(Optional.of(Level.ERROR), arguments.logLevelOf(new NodeName("/", "other")));
    assertEquals(Optional.empty(), parse().logLevelOf(new NodeName("/", "other")));
  }

  @Test
  void whatIsNotUnderstoodIsNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("broken.yaml");
    Files.writeString(file, "node: {ros__parameters: {a: [1, x]}}");
    for (String[] wrong :
        List.of(
            new String[] {"--speed", "3"},
            new String[] {"-r"},
            new String[] {"-r", "joint_states"},
            new String[] {"-p", "novalue"},
            new String[] {"--log-level", "loud"},
            new String[] {"--params-file", folder.resolve("none.yaml").toString()},
            new String[] {"--params-file", file.toString()})) {
      RosFault fault = assertThrows(RosFault.class, () -> parse(wrong));
      assertTrue(
          fault.getMessage().contains(wrong[wrong.length - 1]) || wrong.length == 2,
          fault.getMessage());
    }
  }
}

package dev.forearm.datasets.rosbag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.EpisodeFrames;
import dev.forearm.datasets.WrittenEpisode;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.mcap.McapAudit;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By bags that rosbags for Python and rosbag2 itself wrote. */
class RosbagImportTest {
  private static final Path BAGS = Path.of("src/test/resources/rosbag");
  private static final String COMMANDS = "/arm_controller/commands";
  private static final Map<String, String> RENAMED = Map.of("/arm/commands", COMMANDS);
  private static final long START = 1_700_000_000_000_000_000L; // as write_bags.py has it
  private static final int STATES = 40;

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();
  private final Robot robot = RobotFile.read(WrittenEpisode.ROBOT);

  private Path imported(String bag, Robot robot, Map<String, String> renamed) {
    return new RosbagImport(BAGS.resolve(bag), robot, renamed, folder).run("lift", said::add);
  }

  private String refusal(
      Class<? extends RuntimeException> fault, Robot robot, Map<String, String> renamed)
      throws IOException {
    String message =
        String.valueOf(assertThrows(fault, () -> imported("mcap", robot, renamed)).getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    return message;
  }

  private static double position(int joint, int state) {
    return state * 0.01 + joint * 0.1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcap", "mcap_messages", "sqlite", "sqlite_file", "sqlite_messages"})
  void everyMessageOfABagIsInItsEpisode(String bag) {
    Path file = imported(bag, robot, RENAMED);
    assertEquals(folder.resolve(bag + ".mcap"), file);
    assertEquals(List.of(), McapAudit.findings(file));
    EpisodeSurvey survey = EpisodeSurvey.heading(file);
    assertEquals("lift", survey.info().get("task"));
    assertEquals("tabletop", survey.info().get("robot"));
    assertEquals("unknown", survey.result());
    List<JointMotion> motions = MotionReader.read(file, robot);
    for (int joint = 0; joint < motions.size(); joint++) {
      int of = joint;
      JointMotion motion = motions.get(joint);
      assertArrayEquals(
          IntStream.range(0, STATES).mapToDouble(state -> position(of, state)).toArray(),
          motion.positions());
      assertArrayEquals( // by the publisher's stamp, 3 ms before they arrived
          IntStream.range(0, STATES).mapToLong(k -> START + k * 10_000_000L - 3_000_000).toArray(),
          motion.positionNanos());
      assertArrayEquals(
          IntStream.range(0, STATES / 2).mapToDouble(k -> -position(of, 2 * k)).toArray(),
          motion.commands());
    }
    List<EpisodeFrames.Frame> frames = new ArrayList<>();
    EpisodeFrames.read(file, robot, List.of(WrittenEpisode.SCENE), 25, frames::add);
    assertEquals(10, frames.size());
    for (int frame = 0; frame < frames.size(); frame++) {
      assertEquals(4 * frame, frames.get(frame).pictures().getFirst().rgb()[0]);
    }
    try (McapReader reader = McapReader.open(file)) {
      assertEquals(1, reader.messageCount("/note"));
      assertEquals(STATES + STATES / 2 + STATES / 4 + 1, reader.messageCount());
    }
    assertEquals(
        List.of("no message on /wrist_camera/image_raw", bag + ".mcap: 71 messages on 4 topics"),
        said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ros2_mcap_talker", "ros2_sqlite_talker"})
  void bagsOfRosbag2ItselfAreRead(String name) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    List<String> texts = new ArrayList<>();
    Bag.open(BAGS.resolve(name))
        .read(
            folder,
            (channel, _, logNanos, _, payload) -> {
              assertTrue(logNanos > 1_585_866_235_000_000_000L, "at " + logNanos);
              counts.merge(channel.topic() + " " + channel.schema().name(), 1, Integer::sum);
              if (channel.topic().equals("/topic")) {
                byte[] cdr = new byte[payload.remaining()];
                payload.get(cdr);
                texts.add(
                    dev.forearm.ros.msg.std_msgs.String.decode(MemorySegment.ofArray(cdr)).data());
              }
            });
    assertEquals(
        Map.of("/topic std_msgs/msg/String", 10, "/rosout rcl_interfaces/msg/Log", 10), counts);
    assertEquals(
        IntStream.range(0, 10).mapToObj(i -> "Hello, world! " + (i + firstNumber(texts))).toList(),
        texts);
  }

  private static int firstNumber(List<String> texts) {
    return Integer.parseInt(texts.getFirst().replaceAll("\\D", ""));
  }

  @Test
  void aTopicWhoseTypeNobodyDefinesIsLeftOut() throws IOException {
    List<String> types = new ArrayList<>();
    Bag.open(BAGS.resolve("ros2_sqlite_convert_a")) // of before bags had definitions
        .read(folder, (channel, _, _, _, _) -> types.add(channel.schema().text()));
    assertEquals(150, types.size());
    assertTrue(types.stream().allMatch(String::isEmpty));
  }

  @Test
  void missingCommandsAreRefusedByTheirTopicAndGroup() throws IOException {
    String message = refusal(DatasetFault.class, robot, Map.of());
    assertTrue(
        message.contains(
            "no message on " + COMMANDS + ", wanted the commands of joint group 'arm'"),
        message);
    assertTrue(message.contains("/arm/commands (std_msgs/msg/Float64MultiArray)"), message);
  }

  @Test
  void aJointOfWhichNobodyTellsIsRefusedByName() throws IOException {
    String file = Files.readString(WrittenEpisode.ROBOT).replace("panda_joint3", "elbow");
    String message = refusal(RuntimeFault.class, RobotFile.parse(file, "other.yaml"), RENAMED);
    assertTrue(message.contains("joint 'elbow' has 20 commands and 0 positions"), message);
  }

  @Test
  void messagesOfAnotherTypeThanTheRobotsAreRefused() throws IOException {
    Map<String, String> wrong = Map.of("/arm/commands", COMMANDS, "/note", "/objects");
    String message = refusal(DatasetFault.class, robot, wrong);
    assertTrue(
        message.contains(
            "/note has messages of std_msgs/msg/String, robot 'tabletop' wants geometry_msgs/msg/PoseArray"),
        message);
  }

  @Test
  void aFolderThatIsNoBagIsRefused() {
    assertThrows(DatasetFault.class, () -> Bag.open(folder));
  }
}

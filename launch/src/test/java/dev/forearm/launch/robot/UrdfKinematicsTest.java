package dev.forearm.launch.robot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.Branch;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.urdf.RobotImport;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinematics of imported robots against MuJoCo's and Pinocchio's own readers of URDF. */
final class UrdfKinematicsTest {
  private static final int POSES = 1000;
  private static final double TOLERANCE = 1e-9; // m, and components of a quaternion
  private static final int NOT_INSTALLED = 77;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyTipIsWhereMujocoHasIt(Vendor vendor) throws IOException {
    compareWithMujoco(vendor.imported(), Files.readString(vendor.urdf()), POSES, 7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyTipOfARandomTreeIsWhereMujocoHasIt(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int links = random.nextInt(4, 14);
    String urdf = tree(random, links);
    Path file = Files.writeString(folder.resolve("tree.urdf"), urdf);
    String text =
        RobotImport.text(
            file,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("link" + (links - 1)),
            100);
    compareWithMujoco(RobotFile.parse(text, "tree.yaml"), urdf, 50, seed);
  }

  @ParameterizedTest
  @EnumSource
  void theToolOfTheRobotThatShipsIsWhereItsMakersIs(Vendor vendor) {
    Robot ours = dev.forearm.launch.House.robot(vendor.ours());
    Robot theirs = vendor.imported();
    SplittableRandom random = new SplittableRandom(11);
    SerialChain our = new SerialChain(ours);
    SerialChain their = new SerialChain(theirs);
    double[] ourPose = new double[7];
    double[] theirPose = new double[7];
    for (int i = 0; i < POSES; i++) {
      double[] q = Vendor.pose(ours, random);
      double[] same = new double[theirs.jointCount()];
      for (int joint = 0; joint < q.length; joint++) {
        same[theirs.jointIndex(ours.jointNames().get(joint))] = q[joint];
      }
      our.toolPose(q, ourPose);
      their.toolPose(same, theirPose);
      assertSamePose(theirPose, ourPose, vendor.ours());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyTipIsWherePinocchioHasIt(Vendor vendor) throws Exception {
    Robot robot = vendor.imported();
    List<Tip> tips = tips(robot);
    SplittableRandom random = new SplittableRandom(13);
    List<Map<String, Double>> poses = new ArrayList<>();
    List<double[]> q = new ArrayList<>();
    for (int i = 0; i < POSES; i++) {
      q.add(Vendor.pose(robot, random));
      poses.add(positions(robot, q.getLast()));
    }
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("urdf", vendor.urdf().toAbsolutePath().toString());
    question.put("base", robot.baseFrame());
    question.put("frames", tips.stream().map(Tip::frame).toList());
    question.put("poses", poses);
    List<?> answer = pinocchio(Json.write(question));
    double[] pose = new double[7];
    for (int i = 0; i < POSES; i++) {
      for (int tip = 0; tip < tips.size(); tip++) {
        tips.get(tip).chain.toolPose(q.get(i), pose);
        List<?> found = (List<?>) ((List<?>) answer.get(i)).get(tip);
        double[] wanted = found.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
        assertSamePose(wanted, pose, tips.get(tip).frame);
      }
    }
  }

  private record Tip(String frame, SerialChain chain) {}

  private static List<Tip> tips(Robot robot) {
    List<Tip> tips = new ArrayList<>(List.of(new Tip(robot.toolFrame(), new SerialChain(robot))));
    for (Branch branch : robot.branches()) {
      tips.add(new Tip(branch.frame(), new SerialChain(robot, robot.chainTo(branch))));
    }
    return tips;
  }

  private static void compareWithMujoco(Robot robot, String urdf, int poses, long seed) {
    List<Tip> tips = tips(robot);
    assertTrue(tips.size() > 0);
    String unfused =
        urdf.replace("</robot>", "<mujoco><compiler fusestatic=\"false\"/></mujoco></robot>");
    SplittableRandom random = new SplittableRandom(seed);
    double[] ours = new double[7];
    double[] theirs = new double[7];
    try (MujocoModel model = MujocoModel.compile(robot.name(), unfused);
        MujocoData data = new MujocoData(model)) {
      for (int i = 0; i < poses; i++) {
        double[] q = Vendor.pose(robot, random);
        positions(robot, q).forEach((joint, at) -> data.position(model.positionOf(joint), at));
        data.forwardPoses();
        for (Tip tip : tips) {
          tip.chain.toolPose(q, ours);
          data.bodyPose(model.body(tip.frame), theirs, 0);
          assertSamePose(theirs, ours, tip.frame);
        }
      }
    }
  }

  /** Positions of all moving joints, of those that mimic others too. */
  private static Map<String, Double> positions(Robot robot, double[] q) {
    Map<String, Double> positions = new LinkedHashMap<>();
    for (int i = 0; i < q.length; i++) {
      positions.put(robot.jointNames().get(i), q[i]);
    }
    MIMICS.forEach((follower, mimic) -> {
      if (positions.containsKey(mimic.master)) {
        positions.put(follower, mimic.multiplier * positions.get(mimic.master) + mimic.offset);
      }
    });
    return positions;
  }

  private record Mimic(String master, double multiplier, double offset) {}

  /** Of the test data, by the name of who follows; a random tree's says so in its name. */
  private static final Map<String, Mimic> MIMICS =
      Map.of(
          "fr3_finger_joint2", new Mimic("fr3_finger_joint1", 1, 0),
          "follower", new Mimic("joint1", -0.7, 0.2));

  /** Links that hang from random others by random joints, the last of them a tip; one follows. */
  private static String tree(SplittableRandom random, int links) {
    StringBuilder urdf = new StringBuilder("<robot name=\"tree\">");
    for (int i = 0; i < links; i++) {
      urdf.append("<link name=\"link").append(i).append("\"><inertial><mass value=\"1\"/>");
      urdf.append("<inertia ixx=\"1\" ixy=\"0\" ixz=\"0\" iyy=\"1\" iyz=\"0\" izz=\"1\"/>");
      urdf.append("</inertial></link>");
    }
    for (int i = 1; i < links; i++) {
      boolean follows = i == 3;
      String type =
          i == 1 || follows
              ? "revolute"
              : List.of("revolute", "prismatic", "continuous", "fixed").get(random.nextInt(4));
      int parent = i == links - 1 ? i - 1 : i < 3 ? i - 1 : random.nextInt(i);
      urdf.append(
          String.format(
              Locale.ROOT,
              "<joint name=\"%s\" type=\"%s\"><parent link=\"link%d\"/><child link=\"link%d\"/>",
              follows ? "follower" : "joint" + i,
              type,
              parent,
              i));
      urdf.append(triples(random, "origin", "xyz", "rpy"));
      urdf.append(triples(random, "axis", "xyz"));
      urdf.append("<limit lower=\"-1\" upper=\"1.5\" velocity=\"1\" effort=\"1\"/>");
      if (follows) {
        urdf.append("<mimic joint=\"joint1\" multiplier=\"-0.7\" offset=\"0.2\"/>");
      }
      urdf.append("</joint>");
    }
    return urdf.append("</robot>").toString();
  }

  private static String triples(SplittableRandom random, String tag, String... attributes) {
    StringBuilder text = new StringBuilder("<" + tag);
    for (String attribute : attributes) {
      text.append(' ').append(attribute).append("=\"");
      for (int i = 0; i < 3; i++) {
        text.append(random.nextDouble(-1, 1)).append(' ');
      }
      text.append('"');
    }
    return text.append("/>").toString();
  }

  private static void assertSamePose(double[] wanted, double[] found, String frame) {
    double sign = 0; // q and -q are one rotation
    for (int i = 3; i < 7; i++) {
      sign += wanted[i] * found[i];
    }
    for (int i = 0; i < 7; i++) {
      assertEquals(
          i < 3 || sign > 0 ? wanted[i] : -wanted[i], found[i], TOLERANCE, frame + " " + i);
    }
  }

  /** What Pinocchio answers; without it the test is skipped, or fails if it must not be. */
  private List<?> pinocchio(String question) throws Exception {
    Path asked = Files.writeString(folder.resolve("question.json"), question);
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    Process process;
    try {
      process =
          new ProcessBuilder(python, "src/test/python/urdf_peer.py", asked.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      missing(python + " is not there: " + e.getMessage());
      throw e;
    }
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    if (process.exitValue() == NOT_INSTALLED) {
      missing(python + " has no module pinocchio (PyPI: pin)");
    }
    assertEquals(0, process.exitValue(), answer);
    return (List<?>) Objects.requireNonNull(Json.read(answer));
  }

  private static void missing(String what) {
    if (System.getenv("FOREARM_REQUIRE_PEERS") != null) {
      fail(what);
    }
    abort(what);
  }
}

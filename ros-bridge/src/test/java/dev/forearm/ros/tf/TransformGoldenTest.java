package dev.forearm.ros.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Against what ROS 2's own tf2 answered; golden/transforms.txt is made by test/cpp/tf2_golden.cpp.
 */
class TransformGoldenTest {
  private static final double TOLERANCE = 1e-12; // m, and of a quaternion's parts

  private final TransformBuffer buffer = new TransformBuffer(TransformBuffer.USUALLY_KEPT_NANOS);
  private final FrameTransform found = new FrameTransform();
  private final Map<Lookup, Integer> answers = new EnumMap<>(Lookup.class);

  @Test
  void whatIsToldAndAskedIsAnsweredAsTf2Does() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("src/test/resources/golden/transforms.txt"));
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      String[] sides = line.split(" = ", -1);
      String[] said = sides[0].split(" ", -1);
      String at = "line " + number + ": " + line;
      if (said[0].equals("tell")) {
        assertEquals(sides[1].equals("taken"), isTaken(said), at);
      } else {
        check(said, sides[1], at);
      }
    }
    assertEquals(Lookup.values().length, answers.size(), answers::toString);
    assertTrue(answers.getOrDefault(Lookup.FOUND, 0) > 200, answers::toString);
  }

  private boolean isTaken(String[] said) {
    TransformStamped.Buffer told = new TransformStamped.Buffer();
    RosTime.set(told.header.stamp, Long.parseLong(said[2]));
    told.header.frameId.assign(said[3]);
    told.childFrameId.assign(said[4]);
    double[] t = numbers(said, 5);
    told.transform.translation.x = t[0];
    told.transform.translation.y = t[1];
    told.transform.translation.z = t[2];
    told.transform.rotation.x = t[3];
    told.transform.rotation.y = t[4];
    told.transform.rotation.z = t[5];
    told.transform.rotation.w = t[6];
    try {
      buffer.add(told, said[1].equals("static"));
      return true;
    } catch (RosFault refused) {
      return false;
    }
  }

  private void check(String[] said, String wanted, String at) {
    Text target = new Text();
    target.assign(said[1]);
    Text source = new Text();
    source.assign(said[2]);
    Lookup answer = buffer.find(target, source, Long.parseLong(said[3]), found);
    answers.merge(answer, 1, Integer::sum);
    switch (wanted) {
      case "NoDataForExtrapolation" ->
          assertTrue(answer == Lookup.TOO_EARLY || answer == Lookup.TOO_LATE, at);
      case "BackwardExtrapolation" -> assertEquals(Lookup.TOO_EARLY, answer, at);
      case "ForwardExtrapolation" -> assertEquals(Lookup.TOO_LATE, answer, at);
      case "Connectivity" -> assertEquals(Lookup.DISCONNECTED, answer, at);
      case "Lookup" ->
          assertTrue(answer == Lookup.UNKNOWN_FRAME || answer == Lookup.LOOP, at + " " + answer);
      default -> {
        assertEquals(Lookup.FOUND, answer, at);
        checkNumbers(wanted.split(" ", -1), said, at);
      }
    }
  }

  private void checkNumbers(String[] wanted, String[] said, String at) {
    boolean itself = said[1].equals(said[2]); // of which tf2 tells some time or other
    assertEquals(itself ? found.stampNanos() : Long.parseLong(wanted[0]), found.stampNanos(), at);
    double[] w = numbers(wanted, 1);
    double[] pose = new double[FrameTransform.WIDTH];
    found.store(pose, 0);
    double[] f = {pose[0], pose[1], pose[2], pose[4], pose[5], pose[6], pose[3]};
    double cosine = f[3] * w[3] + f[4] * w[4] + f[5] * w[5] + f[6] * w[6];
    double sign = cosine < 0 ? -1 : 1; // both tell of the same rotation
    for (int i = 0; i < f.length; i++) {
      assertEquals(w[i], i < 3 ? f[i] : sign * f[i], TOLERANCE, at);
    }
  }

  private static double[] numbers(String[] words, int from) {
    return Arrays.stream(words, from, words.length)
        .map(word -> word.replace("nan", "NaN"))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }
}

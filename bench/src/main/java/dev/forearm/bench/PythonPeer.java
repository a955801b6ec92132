package dev.forearm.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers written in Python, run by {@code FOREARM_PYTHON} or {@code python3}. A peer that is not
 * installed yields no numbers and a warning, never a guess.
 */
final class PythonPeer {
  private static final Logger LOG = LoggerFactory.getLogger(PythonPeer.class);

  private static final String ROSBAGS =
      """
      import sys, timeit
      from rosbags.typesys import Stores, get_typestore
      store = get_typestore(Stores.ROS2_HUMBLE)
      for name, kind, file in (('joint_state', 'sensor_msgs/msg/JointState', sys.argv[1]),
                               ('image_96', 'sensor_msgs/msg/Image', sys.argv[2])):
          cdr = open(file, 'rb').read()
          message = store.deserialize_cdr(cdr, kind)
          for what, work in (('encode', lambda: store.serialize_cdr(message, kind)),
                             ('decode', lambda: store.deserialize_cdr(cdr, kind))):
              calls, _ = timeit.Timer(work).autorange()
              best = min(timeit.repeat(work, number=calls, repeat=5)) / calls
              print(f'peer_rosbags_{name}_{what}_ns', best * 1e9)
      """;

  private PythonPeer() {}

  /** What rosbags needs for the same messages, given as whole CDR. */
  static Map<String, Double> rosbags(byte[] jointState, byte[] image) {
    try {
      Path folder = Files.createTempDirectory("forearm-bench");
      try {
        Path first = Files.write(folder.resolve("joint_state.cdr"), jointState);
        Path second = Files.write(folder.resolve("image.cdr"), image);
        return run("rosbags", ROSBAGS, first.toString(), second.toString());
      } finally {
        Files.deleteIfExists(folder.resolve("joint_state.cdr"));
        Files.deleteIfExists(folder.resolve("image.cdr"));
        Files.delete(folder);
      }
    } catch (IOException e) {
      LOG.warn("peer rosbags not measured: {}", e.toString());
      return Map.of();
    }
  }

  /** What a program prints, one name and number a line; nothing if it cannot run. */
  static Map<String, Double> run(String peer, String program, String... arguments)
      throws IOException {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    ProcessBuilder builder = new ProcessBuilder(python, "-c", program);
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        LOG.warn(
            "peer {} not measured, {} says: {}",
            peer,
            python,
            output.lines().reduce("", (_, line) -> line));
        return Map.of();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
    Map<String, Double> values = new LinkedHashMap<>();
    output
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(pair -> values.put(pair[0], Double.valueOf(pair[1])));
    return values;
  }
}

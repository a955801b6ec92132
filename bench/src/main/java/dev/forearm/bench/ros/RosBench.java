package dev.forearm.bench.ros;

import dev.forearm.bench.Benchmark;
import dev.forearm.bench.CCompiler;
import dev.forearm.bench.Machine;
import dev.forearm.bench.TemporaryFolder;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.ffi.DdscLibrary;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.ros.transport.RosDomain;
import dev.forearm.runtime.agent.NanosHistogram;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ROS 2 topics of this program cost: joint states there and back between two processes,
 * beside a C program on the same Cyclone DDS library and ROS 2's Python client, in turns; and
 * whether images get lost.
 */
public final class RosBench implements Benchmark {
  private static final Logger LOG = LoggerFactory.getLogger(RosBench.class);
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int JOINT_STATES_HZ = 1000;
  private static final int IMAGES_HZ = 30;
  private static final int ROUND_SECONDS = 5;
  private static final int WARM_UP_MESSAGES = 12_000; // what the compilers of Java want to see
  private static final long WARM_UP_PERIOD_NANOS = 400_000;
  private static final String OURS = "forearm";
  private static final String C = "peer_c";
  private static final String RCL = "rcl";
  private static final String RCLPY = "rclpy_peer.py";

  private final int seconds;
  private final List<Pair> pairs = new ArrayList<>();

  /**
   * @param seconds of round trips for each peer, and of images
   */
  public RosBench(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public String name() {
    return "ros";
  }

  @Override
  public String purpose() {
    return "joint states there and back between two processes, against C on the same DDS library and"
        + " rclpy; images that get lost";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    try {
      start(folder);
      sendJointStates();
      pairs.forEach(pair -> put(values, pair));
      Pair ours = pairs.get(0);
      Pair inC = pairs.get(1);
      for (int percent : new int[] {50, 99}) {
        values.put(
            "joint_state_rtt_p%s_ratio_c".formatted(percent),
            (double) ours.jointStates().percentile(percent)
                / inC.jointStates().percentile(percent));
      }
      values.put("bytes_per_message", ours.bytesPerMessage());
      for (Pair pair : pairs) {
        if (pair.name().equals(OURS) || pair.name().equals(RCL)) {
          sendImages(pair, values);
        }
      }
    } finally {
      pairs.forEach(Pair::close);
    }
    values.put("load_average_after", Machine.loadAverage());
    return values;
  }

  private void start(Path folder) throws IOException, InterruptedException {
    int domain = RosDomain.givenOrFree();
    Map<String, String> environment =
        Map.of(
            "ROS_DOMAIN_ID",
            Integer.toString(domain),
            "CYCLONEDDS_URI",
            DdsOptions.loopback(domain).cycloneConfiguration());
    Path library = DdscLibrary.find().file();
    Path inC =
        CCompiler.compile(
            RosBench.class,
            "dds_peer.c",
            folder,
            library.toString(),
            "-Wl,-rpath," + library.getParent(),
            "-lpthread");
    start(OURS, ours(Carrier.DDS), environment, folder);
    start(C, List.of(inC.toString()), environment, folder);
    if (Carrier.AUTO.here() == Carrier.RCL) {
      start(RCL, ours(Carrier.RCL), environment, folder);
      String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
      tryToStart("peer_rclpy", List.of(python, file(RCLPY, folder)), environment, folder);
    }
  }

  private void start(
      String name, List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    Pair pair = new Pair(name, command, environment, folder);
    pairs.add(pair);
    pair.warmUp(WARM_UP_MESSAGES, WARM_UP_PERIOD_NANOS);
  }

  /** Somebody else's program may be there without all that it needs. */
  private void tryToStart(
      String name, List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    try {
      start(name, command, environment, folder);
    } catch (IllegalStateException | IOException missing) {
      LOG.warn("{} not measured: {}", name, missing.getMessage());
      pairs.removeLast().close();
    }
  }

  private static List<String> ours(Carrier carrier) {
    List<String> command = new ArrayList<>(List.of(java()));
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-X") || flag.startsWith("-D") || flag.contains("native-access")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ForearmPeer.class.getName(), carrier.name()));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String file(String resource, Path folder) throws IOException {
    Path file = folder.resolve(resource);
    try (InputStream text = RosBench.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(text, resource), file);
    }
    return file.toString();
  }

  private void sendJointStates() throws IOException {
    int rounds = Math.max(1, seconds / ROUND_SECONDS);
    for (int round = 0; round < rounds; round++) {
      for (Pair pair : pairs) {
        pair.sendJointStates(
            seconds * JOINT_STATES_HZ / rounds, NANOS_PER_SECOND / JOINT_STATES_HZ);
      }
    }
  }

  private void sendImages(Pair pair, Map<String, Double> values) throws IOException {
    NanosHistogram nanos = new NanosHistogram();
    int lost = pair.sendImages(seconds * IMAGES_HZ, NANOS_PER_SECOND / IMAGES_HZ, nanos);
    put(values, prefix(pair) + "image_", nanos);
    values.put(prefix(pair) + "image_messages_lost", (double) lost);
  }

  private static String prefix(Pair pair) {
    return pair.name().equals(OURS) ? "" : pair.name() + "_";
  }

  private static void put(Map<String, Double> values, Pair pair) {
    put(values, prefix(pair) + "joint_state_rtt_", pair.jointStates());
    values.put(prefix(pair) + "joint_states_lost", (double) pair.jointStatesLost());
  }

  private static void put(Map<String, Double> values, String name, NanosHistogram times) {
    values.put(name + "p50_us", times.percentile(50) / 1e3);
    values.put(name + "p99_us", times.percentile(99) / 1e3);
    values.put(name + "p99_9_us", times.percentile(99.9) / 1e3);
    values.put(name + "max_us", times.max() / 1e3);
  }
}

package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.train.CheckpointStore;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class TrainCommandTest {
  private static final Path BUNDLE = Path.of("..", "models", "bundles", "lift-sft");
  private static final int ROWS = 60;

  private final StringWriter err = new StringWriter();
  private final Random random = new Random(8);

  @TempDir private Path folder;
  private Path graph;
  private Path data;
  private Path json;

  private HostTensor normal(long... dims) {
    int size = (int) Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    return HostTensor.ofValues(ElementType.FLOAT32, dims, random.doubles(size, -1, 1).toArray());
  }

  @BeforeEach
  void export() {
    graph = folder.resolve("net.train.onnx");
    data = folder.resolve("data.npz");
    json = folder.resolve("result.json");
    Graph made = new Graph("made", 20);
    GraphBuilder o = new GraphBuilder(made);
    o.input("x", new TensorType(ElementType.FLOAT32, List.of(new Dim.Symbol("batch"), Dim.of(3))));
    o.initializer("one.weight", normal(3, 8));
    o.initializer("one.bias", normal(8));
    o.initializer("two.weight", normal(8, 2));
    String hidden = o.op("Tanh", o.add(o.op("MatMul", "x", "one.weight"), "one.bias"));
    o.output("y", o.op("MatMul", hidden, "two.weight"));
    OnnxWriter.write(made, graph);
    Npz.write(data, Map.of("x", normal(ROWS, 3), "target", normal(ROWS, 2)));
  }

  private List<String> arguments(String... more) {
    List<String> all = new ArrayList<>(List.of("train", "--graph", graph.toString()));
    all.addAll(List.of("--json", json.toString(), "--rate", "1e-2"));
    all.addAll(List.of(more));
    return all;
  }

  private int run(String... more) {
    return Main.run(new PrintWriter(err, true), arguments(more).toArray(String[]::new));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> result() throws IOException {
    return (Map<String, Object>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(json));
  }

  private double number(String key) throws IOException {
    return ((Number) Objects.requireNonNull(result().get(key), key)).doubleValue();
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private float[] weight(String file, String name) {
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(file))) {
      return weights.tensor(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }

  private float[] weight(Path onnx, String name) {
    return Objects.requireNonNull(OnnxReader.read(onnx).initializers().get(name)).floats();
  }

  @Test
  void trainsOnMixedRowsAndReports() throws IOException {
    Path more = folder.resolve("more.npz");
    Npz.write(more, Map.of("in.x", normal(7, 3), "target", normal(7, 2)));
    assertEquals(
        0,
        run(
            "--data",
            data + ":3",
            more.toString(),
            "--steps=150",
            "--batch=16",
            "--micro-batches=2",
            "--optimizer=adamw",
            "--schedule=cosine",
            "--warmup=10",
            "--clip=1",
            "--average=0.9",
            "--plot=" + out("loss.png"),
            "--out=" + out("w.safetensors"),
            "--out=" + out("net.onnx")),
        err::toString);
    assertEquals(150, number("steps"));
    assertTrue(number("loss_last") < number("loss_first"));
    assertTrue(number("cpu_ms_per_step") >= 0); // counted in ticks that all steps may fit between
    for (String key : List.of("steps_per_second", "peak_rss_mib", "step_ms")) {
      assertTrue(number(key) > 0, key);
    }
    BufferedImage picture = ImageIO.read(folder.resolve("loss.png").toFile());
    assertEquals(900, picture.getWidth());
    for (String name : List.of("one.weight", "one.bias", "two.weight")) {
      float[] trained = weight("w.safetensors", name);
      assertArrayEquals(trained, weight(folder.resolve("net.onnx"), name));
      assertNotEquals(trained[0], weight(graph, name)[0]);
    }
    // The result has the exported graph's form, open batch included.
    assertEquals(
        OnnxReader.read(graph).inputs(), OnnxReader.read(folder.resolve("net.onnx")).inputs());
  }

  @Test
  void aRunThatWasKilledGoesOnAsIfItHadNotBeen() throws Exception {
    String[] options = {
      "--data=" + data, "--steps=400", "--batch=16", "--schedule=linear", "--average=0.9"
    };
    List<String> straight = new ArrayList<>(List.of(options));
    straight.add("--out=" + out("straight.safetensors"));
    assertEquals(0, run(straight.toArray(String[]::new)), err::toString);

    Path checkpoints = folder.resolve("checkpoints");
    List<String> saved = new ArrayList<>(List.of(options));
    saved.addAll(List.of("--checkpoints=" + checkpoints, "--save-every=5"));
    saved.add("--out=" + out("resumed.safetensors"));
    List<String> slow = new ArrayList<>(saved);
    slow.add("--share=0.01"); // so that it is not done before it is killed
    try (Forearm killed =
        Forearm.start(
            folder, Map.of(), arguments(slow.toArray(String[]::new)).toArray(String[]::new))) {
      CheckpointStore store = new CheckpointStore(checkpoints, 3);
      killed.await("a checkpoint", () -> store.latest().isPresent());
      killed.handle().destroyForcibly();
      killed.exitCode();
    }
    assertTrue(Files.notExists(folder.resolve("resumed.safetensors")));
    assertEquals(0, run(saved.toArray(String[]::new)), err::toString);
    assertTrue(number("steps") < 400, "it began anew");
    for (String name : List.of("one.weight", "one.bias", "two.weight")) {
      assertArrayEquals(weight("straight.safetensors", name), weight("resumed.safetensors", name));
    }

    // Once done, the same command only writes the result again.
    Files.delete(folder.resolve("resumed.safetensors"));
    assertEquals(0, run(saved.toArray(String[]::new)), err::toString);
    assertEquals(0, number("steps"));
    assertArrayEquals(
        weight("straight.safetensors", "one.bias"), weight("resumed.safetensors", "one.bias"));
  }

  @Test
  void adaptersChangeOnlyTheWeightsTheyStandBeside() throws IOException {
    assertEquals(
        0,
        run(
            "--data=" + data,
            "--steps=60",
            "--lora=one.*",
            "--lora-rank=2",
            "--out=" + out("net.onnx"),
            "--out=" + out("w.safetensors")),
        err::toString);
    assertTrue(number("loss_last") < number("loss_first"));
    assertEquals(3 * 2 + 2 * 8, number("trainable_parameters"));
    Path trained = folder.resolve("net.onnx");
    assertEquals(
        OnnxReader.read(graph).initializers().keySet(),
        OnnxReader.read(trained).initializers().keySet());
    assertNotEquals(weight(graph, "one.weight")[0], weight(trained, "one.weight")[0]);
    assertArrayEquals(weight(graph, "two.weight"), weight(trained, "two.weight"));
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("w.safetensors"))) {
      assertEquals(Set.of("one.weight"), weights.tensors().keySet());
    }
  }

  @Test
  void bothHalvesOfABundleAreTrainedFromEpisodes() throws Exception {
    String episodes =
        Path.of(Objects.requireNonNull(getClass().getResource("train/episodes")).toURI())
            .toString();
    Path first = folder.resolve("first");
    graph = BUNDLE.resolve("world_model.train.onnx");
    assertEquals(
        0,
        run("--data=" + episodes, "--steps=60", "--loss=huber", "--delta=0.1", "--out=" + first),
        err::toString);
    assertTrue(number("loss_last") < number("loss_first"));
    Path second = folder.resolve("second");
    graph = first.resolve("actor.train.onnx");
    assertEquals(
        0,
        run("--data=" + episodes, "--steps=60", "--trainable=actor.*", "--out=" + second),
        err::toString);
    assertTrue(number("loss_last") < number("loss_first"));
    try (Bundle before = BundleReader.read(BUNDLE, Trust.anyone());
        Bundle middle = BundleReader.read(first, Trust.anyone());
        Bundle after = BundleReader.read(second, Trust.anyone())) {
      assertEquals(Optional.of(before.sha256()), middle.manifest().parent());
      assertEquals(Optional.of(middle.sha256()), after.manifest().parent());
      assertChanged(before, middle, "world_model.0.weight", true);
      assertChanged(before, middle, "actor.0.weight", false);
      assertChanged(middle, after, "actor.0.weight", true);
      assertChanged(middle, after, "world_model.0.weight", false);
    }
    // Both graphs load over the new weights and give what the new probe says.
    BundlePolicy.load(second, House.robot("tabletop")).close();
  }

  private static void assertChanged(Bundle before, Bundle after, String name, boolean changed) {
    HostTensor old = Objects.requireNonNull(before.checkpoint().get(name));
    assertEquals(!changed, old.sameAs(Objects.requireNonNull(after.checkpoint().get(name))), name);
  }

  @Test
  void everyLossIsReachable() throws IOException {
    HostTensor two = normal(ROWS, 2);
    Npz.write(
        data,
        Map.of(
            "x", normal(ROWS, 3),
            "target", two,
            "action", two,
            "advantage", normal(ROWS),
            "old_log_probability", normal(ROWS)));
    for (String loss : List.of("mse", "huber", "ppo", "awr")) {
      assertEquals(0, run("--data=" + data, "--steps=3", "--loss=" + loss), loss + err);
    }
    Graph made = OnnxReader.read(graph);
    made.outputs().put("twice", made.outputs().get("y"));
    GraphBuilder o = new GraphBuilder(made);
    o.node("Add", "y", "y").named("twice");
    OnnxWriter.write(made, graph);
    for (String loss : List.of("gaussian-nll", "kl-to-standard")) {
      assertEquals(0, run("--data=" + data, "--steps=3", "--loss=" + loss), loss + err);
    }
    Npz.write(
        data,
        Map.of(
            "x", normal(ROWS, 3),
            "prior_mean", two,
            "prior_log_variance", two));
    assertEquals(0, run("--data=" + data, "--steps=3", "--loss=kl-gaussians"), err::toString);
    Npz.write(
        data,
        Map.of(
            "x", normal(ROWS, 3), "target", HostTensor.ofLongs(new long[] {ROWS}, new long[ROWS])));
    assertEquals(0, run("--data=" + data, "--steps=3", "--loss=cross-entropy"), err::toString);
  }

  @Test
  void anUnknownLossNamesThoseThereAre() {
    assertEquals(2, run("--data=" + data, "--steps=1", "--loss=hinge"));
    assertTrue(err.toString().contains("wanted one of [mse, huber,"), err.toString());
    assertEquals(0, run("--data=" + data, "--steps=1", "--loss=Smooth_L1"), err::toString);
  }

  @Test
  void flowMatchingDrawsNoiseAndTimeByItself() throws IOException {
    Graph made = new Graph("flow", 20);
    GraphBuilder o = new GraphBuilder(made);
    Dim batch = new Dim.Symbol("batch");
    o.input("noisy", new TensorType(ElementType.FLOAT32, List.of(batch, Dim.of(4), Dim.of(2))));
    o.input("time", new TensorType(ElementType.FLOAT32, List.of(batch)));
    o.initializer("net.weight", normal(3, 2));
    String time = o.op("Expand", o.unsqueeze("time", 1, 2), o.longs(1, 4, 1));
    o.output("velocity", o.op("MatMul", o.concat(2, "noisy", time), "net.weight"));
    OnnxWriter.write(made, graph);
    Npz.write(data, Map.of("target", normal(ROWS, 4, 2)));
    assertEquals(
        0,
        run("--data=" + data, "--steps=200", "--loss=flow-matching", "--out=" + out("flow.onnx")),
        err::toString);
    assertTrue(number("loss_last") < number("loss_first"));
    assertEquals(
        Set.of("noisy", "time"), OnnxReader.read(folder.resolve("flow.onnx")).inputs().keySet());
  }

  @Test
  void episodesWithoutABundleAreRefused() {
    assertEquals(1, run("--data=" + folder, "--steps=1"));
    assertTrue(err.toString().contains("name one with --bundle"), err.toString());
  }

  @Test
  void aBundleOfAGraphThatLiesInNoneIsRefusedBeforeTraining() {
    assertEquals(1, run("--data=" + data, "--steps=1", "--out=" + out("bundle")));
    assertTrue(err.toString().contains("the graph lies in none"), err.toString());
  }

  private void refusesBeforeTraining(String said, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--steps=3", "--batch=16"));
    all.addAll(List.of(options));
    assertEquals(1, run(all.toArray(String[]::new)));
    assertTrue(err.toString().contains(said), err.toString());
    assertTrue(Files.notExists(json), "it trained");
    err.getBuffer().setLength(0);
  }

  @Test
  void aResultThatCouldNotBeWrittenIsRefusedBeforeTraining() throws IOException {
    String rows = "--data=" + data;
    Path file = Files.writeString(folder.resolve("file"), "");
    Path taken = Files.createDirectory(folder.resolve("taken"));
    refusesBeforeTraining("there is no folder", rows, "--out=" + out("none/w.safetensors"));
    refusesBeforeTraining(
        "there is no folder", rows, "--out=" + out("good.onnx"), "--out=" + out("file/w.onnx"));
    refusesBeforeTraining("there is no folder", rows, "--plot=" + out("none/loss.png"));
    refusesBeforeTraining("no folder can be made", rows, "--checkpoints=" + file.resolve("run"));
    refusesBeforeTraining(
        "given twice", rows, "--out=" + out("w.onnx"), "--out=" + out("./w.onnx"));
    Files.createDirectory(folder.resolve("d.onnx"));
    refusesBeforeTraining("something lies there already", rows, "--out=" + out("d.onnx"));
    graph = BUNDLE.resolve("actor.train.onnx");
    refusesBeforeTraining("something lies there already", rows, "--out=" + taken);
  }

  @Test
  void aResultThatCannotBeWrittenIsKeptBesideAndTheOthersAreWritten() throws IOException {
    // In the way of what is written before it gets its name.
    Files.createDirectories(folder.resolve("w.safetensors.part").resolve("taken"));
    assertEquals(
        1,
        run(
            "--data=" + data,
            "--steps=3",
            "--out=" + out("w.safetensors"),
            "--out=" + out("net.onnx")));
    Matcher kept = Pattern.compile("the result is kept as (\\S+)").matcher(err.toString());
    assertTrue(kept.find(), err::toString);
    Path place = Path.of(kept.group(1));
    assertTrue(place.startsWith(folder), place::toString);
    assertArrayEquals(
        weight(folder.relativize(place).toString(), "one.bias"),
        weight(folder.resolve("net.onnx"), "one.bias"));
  }

  @Test
  void aNumberThatIsNotFiniteIsNamedBeforeTheGraphIsBlamed() throws IOException {
    double[] values = random.doubles(ROWS * 2).toArray();
    values[7 * 2] = 1e39;
    HostTensor target = HostTensor.ofDoubles(new long[] {ROWS, 2}, values);
    Npz.write(data, Map.of("x", normal(ROWS, 3), "target", target));
    refusesBeforeTraining("array 'target', row 7: found 1.0E39", "--data=" + data);
  }

  @Test
  void aMissingFileIsSaidToBeMissingWhateverItsName() throws IOException {
    for (String name : List.of("none.npz", "run_12:30.npz", "none.npz:2", "run_12:30", "x.mcap")) {
      refusesBeforeTraining(name + ": there is no such file or folder", "--data=" + out(name));
    }
    refusesBeforeTraining("the weight is not above 0", "--data=" + data + ":0");
    refusesBeforeTraining("found '1e39', wanted a number", "--data=" + data, "--input=x=1e39");
    Path colon = Files.copy(data, folder.resolve("run_12:30.npz"));
    assertEquals(0, run("--data", colon + ":3", colon.toString(), "--steps=3"), err::toString);
  }

  @Test
  void cudaWithoutItsLibrarySaysWhatToDo() {
    int exit = run("--data=" + data, "--steps=1", "--provider=cuda");
    assumeTrue(exit != 0, "this machine has the CUDA library");
    assertTrue(err.toString().toLowerCase(Locale.ROOT).contains("cuda"), err.toString());
    assertTrue(err.toString().contains("FOREARM_ORT_LIB"), err.toString());
  }
}

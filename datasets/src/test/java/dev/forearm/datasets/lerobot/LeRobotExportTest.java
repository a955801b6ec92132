package dev.forearm.datasets.lerobot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.EpisodeFrames;
import dev.forearm.datasets.WrittenEpisode;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeRobotExportTest {
  private static final int FPS = 20;
  private static final List<String> CAMERAS = List.of(WrittenEpisode.SCENE, WrittenEpisode.WRIST);

  private static final String CHECK = "src/test/resources/lerobot/check_dataset.py";

  @TempDir Path folder;
  private final List<WrittenEpisode> episodes = new ArrayList<>();
  private Path target;

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path file = folder.resolve("e" + i + ".mcap");
      episodes.add(new WrittenEpisode(file, 7 + i, 1.5 + 0.3 * i, i != 1));
    }
    new EpisodeLabels(Optional.of(false), List.of()).write(episodes.get(2).file);
    target = folder.resolve("dataset");
  }

  private List<Path> files() {
    return episodes.stream().map(episode -> episode.file).toList();
  }

  /** Two episodes a group of files. */
  static LeRobotExport export(Path target) {
    return new LeRobotExport(
        RobotFile.read(WrittenEpisode.ROBOT),
        target,
        CAMERAS,
        FPS,
        name -> "Do it: " + name,
        System.out::println,
        2.0);
  }

  private List<Object> query(String sql) {
    List<Object> found = new ArrayList<>();
    try (Tables tables = new Tables();
        Statement statement = tables.database().createStatement();
        ResultSet rows = statement.executeQuery(sql.replace("DATASET", target.toString()))) {
      while (rows.next()) {
        found.add(rows.getObject(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    return found;
  }

  @Test
  void everyFrameOfEveryEpisodeIsInTheTable() {
    LeRobotExport.Result result = export(target).export(files());
    List<String> states = new ArrayList<>();
    for (WrittenEpisode episode : episodes) {
      EpisodeFrames.read(
          episode.file,
          episode.robot,
          CAMERAS,
          FPS,
          frame -> {
            List<Float> state = new ArrayList<>();
            for (float value : frame.state()) {
              state.add(value);
            }
            states.add(state.toString());
          });
    }
    assertEquals(new LeRobotExport.Result(4, 0, states.size()), result);
    String data = "FROM read_parquet('DATASET/data/*/*.parquet') ORDER BY \"index\"";
    assertEquals(
        states,
        query("SELECT CAST(\"observation.state\" AS VARCHAR) " + data).stream()
            .map(Object::toString)
            .map(LeRobotExportTest::floats)
            .toList());
    assertEquals(
        List.of(true),
        query(
            "SELECT bool_and(\"timestamp\" = CAST(frame_index / %s AS FLOAT)) FROM read_parquet('DATASET/data/*/*.parquet')"
                .formatted((double) FPS)));
    assertEquals(
        3L,
        query("SELECT count(DISTINCT filename) FROM read_parquet('DATASET/data/*/*.parquet')")
            .getFirst());
  }

  /** As Java writes the same numbers. */
  private static String floats(String list) {
    List<Float> values = new ArrayList<>();
    for (String value : list.substring(1, list.length() - 1).split(", ", -1)) {
      values.add(Float.parseFloat(value));
    }
    return values.toString();
  }

  @Test
  void successLabelsAndSourcesAreCarried() {
    export(target).export(files());
    String rows = " FROM read_parquet('DATASET/meta/episodes/*/*.parquet') ORDER BY episode_index";
    assertEquals(List.of(true, false, false, true), query("SELECT \"forearm/success\"" + rows));
    assertEquals(List.of("", "", "failure", ""), query("SELECT \"forearm/label\"" + rows));
    assertEquals(
        List.of(true, true),
        query(
            "SELECT \"next.success\" FROM read_parquet('DATASET/data/*/*.parquet') WHERE \"next.success\""));
    for (int i = 0; i < episodes.size(); i++) {
      assertEquals(sha256(episodes.get(i).file), query("SELECT \"forearm/sha256\"" + rows).get(i));
    }
  }

  @Test
  void whatAnEqualExportMadeIsKnownAgain() throws IOException {
    assertEquals(Optional.empty(), export(target).exported(files()));
    LeRobotExport.Result first = export(target).export(files());
    assertEquals(
        Optional.of(new LeRobotExport.Result(4, 4, first.frames())),
        export(target).exported(files()));
    assertEquals(Optional.empty(), export(target).exported(files().subList(0, 3)));
    new EpisodeLabels(Optional.of(false), List.of()).write(files().getFirst());
    assertEquals(Optional.empty(), export(target).exported(files()));
  }

  @Test
  void aDatasetThatIsThereIsNotTouched() throws IOException {
    Files.createDirectory(target);
    assertThrows(DatasetFault.class, () -> export(target).export(files()));
    try (Stream<Path> all = Files.list(target)) {
      assertEquals(0, all.count());
    }
  }

  @Test
  void anExportThatFailedGoesOnBehindTheFilesThatWereWhole() throws IOException {
    List<Path> broken = new ArrayList<>(files());
    Path last = broken.getLast();
    Path away = Files.move(last, folder.resolve("away"));
    Files.write(last, new byte[] {1});
    assertThrows(RuntimeException.class, () -> export(target).export(broken));
    assertFalse(Files.exists(target));
    Files.move(away, last, StandardCopyOption.REPLACE_EXISTING);
    Path other = folder.resolve("other");
    export(other).export(files());
    LeRobotExport.Result result = export(target).export(files());
    assertEquals(4, result.episodes());
    assertEquals(contents(other), contents(target));
  }

  @Test
  void killedAtAnyMomentItLeavesNothingAndGoesOn() throws Exception {
    Path other = folder.resolve("other");
    export(other).export(files());
    Random random = new Random(7);
    for (int kill = 0; kill < 3; kill++) {
      Process process = ExportProcess.start(target, files());
      try {
        ExportProcess.awaitLine(process, random.nextInt(3));
        Thread.sleep(random.nextInt(100));
      } finally {
        process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
      }
      if (Files.exists(target)) { // it was faster
        break;
      }
    }
    if (!Files.exists(target)) {
      export(target).export(files());
    }
    assertEquals(contents(other), contents(target));
  }

  /** Hashes by name: equal episodes make equal files. */
  private static Map<String, String> contents(Path dataset) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(dataset)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(dataset.relativize(file).toString(), sha256(file));
      }
    }
    return contents;
  }

  private static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void independentReadersFindWhatTheEpisodesHold() throws Exception {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    String modules = "import av, mcap, mcap_ros2, numpy, pandas, pyarrow";
    Path said = folder.resolve("said.txt");
    boolean found;
    try {
      found = run(said, python, "-c", modules) == 0;
    } catch (IOException e) {
      found = false;
    }
    if (!found && "1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(python + " lacks one of: " + modules);
    }
    assumeTrue(found, python + " lacks one of: " + modules + "; set FOREARM_PYTHON");
    export(target).export(files());
    check(List.of(python, CHECK, target.toString()));
  }

  @Test
  void lerobotsOwnLoaderFindsEveryFrame() throws Exception {
    export(target).export(files());
    check(List.of(LeRobotPeer.python(), CHECK, "--lerobot", target.toString()));
  }

  private void check(List<String> of) throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    List<String> command = new ArrayList<>(of);
    files().forEach(file -> command.add(file.toString()));
    assertEquals(0, run(said, command.toArray(String[]::new)), () -> text(said));
    Object seen = Json.read(text(said).lines().reduce((a, b) -> b).orElseThrow());
    assertTrue(
        seen instanceof Map<?, ?> map && Objects.equals(map.get("episodes"), 4L), text(said));
  }

  private static int run(Path output, String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

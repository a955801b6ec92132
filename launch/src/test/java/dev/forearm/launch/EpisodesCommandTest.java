package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpisodesCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("train/episodes/" + name))) {
      Files.copy(in, file);
    }
    return file;
  }

  private int episodes(Object... arguments) {
    String[] all =
        Stream.concat(Stream.of("episodes"), Arrays.stream(arguments).map(Object::toString))
            .toArray(String[]::new);
    return Main.run(new PrintWriter(err, true), all);
  }

  private Object result(int exitCode, Object... arguments) throws IOException {
    Path json = folder.resolve("result.json");
    Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--json";
    all[arguments.length + 1] = json;
    assertEquals(exitCode, episodes(all), err::toString);
    return Objects.requireNonNull(Json.read(Files.readString(json)));
  }

  private static Object at(Object json, Object... path) {
    Object found = json;
    for (Object step : path) {
      found = step instanceof Integer i ? ((List<?>) found).get(i) : ((Map<?, ?>) found).get(step);
      assertNotNull(found, step.toString());
    }
    return found;
  }

  @Test
  void everyEpisodeIsListedWithHowItEndedAndItsLabel() throws IOException {
    copy("1-whole.mcap");
    Path failed = copy("4-failed.mcap");
    copy("8-cut.mcap");
    assertEquals(0, episodes("label", failed, "--success"), err::toString);
    Object list = result(0, "list", folder);
    assertEquals("lift", at(list, "episodes", 0, "task"));
    assertEquals("success", at(list, "episodes", 0, "outcome"));
    assertEquals("failure", at(list, "episodes", 1, "outcome"));
    assertEquals("success", at(list, "episodes", 1, "label"));
    assertEquals("unreadable", at(list, "episodes", 2, "outcome"));
  }

  @Test
  void aWholeEpisodePassesAndWhatIsWrongWithOthersIsSaid() throws IOException {
    Path whole = copy("1-whole.mcap");
    assertEquals(0, episodes("check", whole), err::toString);
    Path merged = copy("7-merged.mcap");
    Path cut = copy("8-cut.mcap");
    Object problems = at(result(1, "check", folder, "--topic", "/camera"), "problems");
    assertEquals(List.of("no message on /camera"), at(problems, whole.toString()));
    assertTrue(at(problems, cut.toString(), 0).toString().contains("without a footer"));
    assertTrue(at(problems, merged.toString()).toString().contains("2 episodes"));
  }

  @Test
  void whatADeadRecorderLeftIsRepaired() throws IOException {
    copy("9-open.mcap.open");
    Path cut = copy("8-cut.mcap");
    assertEquals(0, episodes("repair", folder, cut), err::toString);
    assertTrue(Files.exists(folder.resolve("9-open.mcap")));
    assertEquals(0, episodes("check", folder.resolve("8-cut.recovered.mcap")), err::toString);
  }

  @Test
  void anEpisodeIsShownDrawnAndComesBackFromADataset() throws Exception {
    String[] record = {"record", "--task", "lift", "--episodes", "1", "--out", folder.toString()};
    assertEquals(0, Main.run(new PrintWriter(err, true), record), err::toString);
    Path file;
    try (Stream<Path> all = Files.list(folder)) {
      file = all.findFirst().orElseThrow();
    }
    assertEquals(0, episodes("check", file), err::toString);
    Path png = folder.resolve("plot.png");
    Object shown = result(0, "show", file, "--plot", png);
    assertEquals("lift", at(shown, "episode", "task"));
    assertEquals(List.of("expert"), List.copyOf(((Map<?, ?>) at(shown, "drivers")).keySet()));
    assertTrue(ImageIO.read(png.toFile()).getHeight() > 0);

    Path dataset = folder.resolve("dataset");
    int exported = episodes("export", "--format", "lerobot", "-o", dataset, file);
    assertEquals(0, exported, err::toString);
    Path imported = folder.resolve("imported");
    int back = episodes("import", dataset, "--robot", "tabletop", "-o", imported);
    assertEquals(0, back, err::toString);
    assertEquals(0, episodes("check", imported), err::toString);
    assertEquals("success", at(result(0, "list", imported), "episodes", 0, "outcome"));
    aStoreThatIsNotThereIsSaidWithoutCredentials(dataset, file);
  }

  /** As talkative as the program can be. */
  private void aStoreThatIsNotThereIsSaidWithoutCredentials(Path dataset, Path episode)
      throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1",
            "AWS_ACCESS_KEY_ID", "AKIDFOREARM",
            "AWS_SECRET_ACCESS_KEY", "verysecret",
            "AWS_SESSION_TOKEN", "verysecrettoo",
            "FOREARM_LOG", "trace");
    String[] export = {
      "episodes",
      "export",
      "--format",
      "lerobot",
      "--verbose",
      "-o",
      dataset.toString(),
      "--to",
      "s3://robots/lift",
      episode.toString()
    };
    try (Forearm forearm = Forearm.start(folder, environment, export)) {
      assertEquals(1, forearm.exitCode(), forearm::output);
      assertTrue(forearm.output().contains("export to s3://robots/lift/"), forearm::output);
      assertTrue(forearm.output().contains("goes on from here"), forearm::output);
      assertFalse(forearm.output().contains("verysecret"), forearm::output);
      assertFalse(forearm.output().contains("AKIDFOREARM"), forearm::output);
    }
  }

  @Test
  void aBagOfRosbag2BecomesAnEpisode() throws IOException {
    Path bag = Path.of("../datasets/src/test/resources/rosbag/sqlite");
    Object[] wanted = {"import", bag, "--robot", "tabletop", "--task", "lift", "-o", folder};
    assertEquals(1, episodes(wanted));
    assertTrue(err.toString().contains("no message on /arm_controller/commands"), err::toString);
    Object[] named = Arrays.copyOf(wanted, wanted.length + 2);
    named[wanted.length] = "--topic";
    named[wanted.length + 1] = "/arm/commands=/arm_controller/commands";
    assertEquals(0, episodes(named), err::toString);
    assertEquals(0, episodes("check", folder), err::toString);
    Object list = result(0, "list", folder);
    assertEquals("lift", at(list, "episodes", 0, "task"));
    Path dataset = folder.resolve("dataset");
    int exported = episodes("export", "--format", "lerobot", "--no-cameras", "-o", dataset, folder);
    assertEquals(0, exported, err::toString);
  }
}

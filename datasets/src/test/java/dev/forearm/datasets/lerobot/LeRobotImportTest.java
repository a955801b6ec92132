package dev.forearm.datasets.lerobot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.EpisodeFrames;
import dev.forearm.datasets.WrittenEpisode;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeRobotImportTest {
  private static final int FPS = 20;
  private static final List<String> CAMERAS = List.of(WrittenEpisode.SCENE, WrittenEpisode.WRIST);

  @TempDir Path folder;
  private final List<WrittenEpisode> episodes = new ArrayList<>();
  private Path dataset;

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < 3; i++) {
      episodes.add(new WrittenEpisode(folder.resolve("e" + i + ".mcap"), 7 + i, 1.4, i != 1));
    }
    dataset = folder.resolve("dataset");
    LeRobotExportTest.export(dataset).export(episodes.stream().map(each -> each.file).toList());
  }

  private static List<EpisodeFrames.Frame> frames(WrittenEpisode like, Path file) {
    List<EpisodeFrames.Frame> frames = new ArrayList<>();
    EpisodeFrames.read(file, like.robot, CAMERAS, FPS, frames::add);
    return frames;
  }

  @Test
  void whatWasExportedComesBack() {
    Path target = folder.resolve("imported");
    WrittenEpisode first = episodes.getFirst();
    assertEquals(3, new LeRobotImport(dataset, first.robot, target).run(line -> {}));
    for (int i = 0; i < 3; i++) {
      Path file = target.resolve("dataset-00000" + i + ".mcap");
      assertEquals("Do it: lift", EpisodeSurvey.heading(file).info().get("task"));
      assertEquals(i == 1 ? "unknown" : "success", EpisodeSurvey.heading(file).result());
      List<EpisodeFrames.Frame> wanted = frames(first, episodes.get(i).file);
      List<EpisodeFrames.Frame> found = frames(first, file);
      assertEquals(wanted.size(), found.size());
      for (int k = 0; k < wanted.size(); k++) {
        assertArrayEquals(wanted.get(k).state(), found.get(k).state());
        assertArrayEquals(wanted.get(k).action(), found.get(k).action());
        for (int camera = 0; camera < CAMERAS.size(); camera++) {
          byte[] before = wanted.get(k).pictures().get(camera).rgb();
          byte[] after = found.get(k).pictures().get(camera).rgb();
          assertTrue(distance(before, after) < 8, "frame " + k + " of " + CAMERAS.get(camera));
        }
      }
    }
  }

  /** Mean difference of levels. */
  private static double distance(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }

  @Test
  void whatLeRobotItselfWroteComesBackAsRadians() throws Exception {
    Path python = Path.of(LeRobotPeer.python());
    Path before = folder.resolve("so101");
    LeRobotPeer.run(python, "write_dataset.py", before);
    Robot robot = RobotFile.read(Path.of("../launch/src/main/resources/robots/so101.yaml"));
    Path imported = folder.resolve("imported");
    assertEquals(2, new LeRobotImport(before, robot, imported).run(line -> {}));
    List<Path> files =
        List.of(imported.resolve("so101-000000.mcap"), imported.resolve("so101-000001.mcap"));
    Path after = folder.resolve("after");
    List<String> cameras = List.of("/front/image_raw", "/wrist/image_raw");
    new LeRobotExport(robot, after, cameras, 30, task -> task, line -> {}).export(files);
    System.out.println(LeRobotPeer.run(python, "compare_datasets.py", before, after));
  }

  @Test
  void aDatasetOfAnotherVersionIsRefusedByName() throws IOException {
    Path info = Layout.info(dataset);
    Files.writeString(info, Files.readString(info).replace("\"v3.0\"", "\"v2.1\""));
    String message =
        String.valueOf(
            assertThrows(
                    DatasetFault.class,
                    () -> new LeRobotImport(dataset, episodes.getFirst().robot, folder))
                .getMessage());
    assertTrue(message.contains("v2.1") && message.contains("wanted v3.0"), message);
  }
}

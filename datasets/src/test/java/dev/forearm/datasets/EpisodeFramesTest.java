package dev.forearm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeFramesTest {
  private static final int FPS = 20;
  private static final List<String> CAMERAS = List.of(WrittenEpisode.SCENE, WrittenEpisode.WRIST);

  @TempDir Path folder;
  private WrittenEpisode episode;

  @BeforeEach
  void write() throws IOException {
    episode = new WrittenEpisode(folder.resolve("x.mcap"), 7, 3, true);
  }

  private List<EpisodeFrames.Frame> frames(List<String> cameras) {
    List<EpisodeFrames.Frame> frames = new ArrayList<>();
    EpisodeFrames.read(episode.file, episode.robot, cameras, FPS, frames::add);
    return frames;
  }

  private static float[] newest(NavigableMap<Long, double[]> series, long nanos) {
    double[] values = Objects.requireNonNull(series.floorEntry(nanos)).getValue();
    float[] single = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      single[i] = (float) values[i];
    }
    return single;
  }

  @Test
  void aFrameHoldsOfEverySourceTheNewestValueMeasuredAtOrBeforeIt() {
    List<EpisodeFrames.Frame> frames = frames(CAMERAS);
    assertTrue(frames.size() > 50, "frames: " + frames.size());
    for (EpisodeFrames.Frame frame : frames) {
      assertArrayEquals(newest(episode.states, frame.nanos()), frame.state());
      assertArrayEquals(newest(episode.commands, frame.nanos()), frame.action());
      for (int i = 0; i < CAMERAS.size(); i++) {
        NavigableMap<Long, Integer> shots =
            Objects.requireNonNull(episode.pictures.get(CAMERAS.get(i)));
        Map.Entry<Long, Integer> shot = Objects.requireNonNull(shots.floorEntry(frame.nanos()));
        byte[] rgb = frame.pictures().get(i).rgb();
        assertEquals(shot.getValue(), rgb[0] & 0xff, CAMERAS.get(i));
        assertEquals(255 - shot.getValue(), rgb[1] & 0xff, CAMERAS.get(i));
      }
    }
  }

  @Test
  void framesComeAtAConstantRateFromWhenEverySourceIsKnown() {
    List<EpisodeFrames.Frame> frames = frames(CAMERAS);
    long start =
        episode.pictures.values().stream().mapToLong(NavigableMap::firstKey).max().orElseThrow();
    for (int i = 0; i < frames.size(); i++) {
      assertEquals(start + i * 50_000_000L, frames.get(i).nanos());
    }
    assertTrue(frames.getLast().nanos() <= episode.states.lastKey());
    assertTrue(frames.getLast().nanos() + 50_000_000L > episode.states.lastKey());
  }

  @Test
  void withoutCamerasJointsDecide() {
    long start = Math.max(episode.states.firstKey(), episode.commands.firstKey());
    assertEquals(start, frames(List.of()).getFirst().nanos());
  }

  @Test
  void aCameraWithoutAPictureLeavesNothingToExport() {
    assertThrows(DatasetFault.class, () -> frames(List.of("/side_camera/image_raw")));
  }
}

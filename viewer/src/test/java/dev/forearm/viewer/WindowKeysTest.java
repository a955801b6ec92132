package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.Playback;
import dev.forearm.viewer.replay.ReplayKeys;
import imgui.flag.ImGuiKey;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class WindowKeysTest {
  @Test
  void everyKeyOfAReplayIsOneOfTheWindow() {
    Playback playback = new Playback(0, 1, new TreeSet<>(), new SimulatedClock());
    ReplayKeys keys = new ReplayKeys(playback, new Marks(Path.of("none.mcap")));
    Set<Integer> codes = new HashSet<>();
    keys.names().forEach(key -> codes.add(WindowKeys.code(key)));
    assertEquals(keys.names().size(), codes.size());
    assertEquals(ImGuiKey.Z, WindowKeys.code("z"));
    assertEquals(ImGuiKey._9, WindowKeys.code("9"));
    assertEquals(ImGuiKey.PageDown, WindowKeys.code("page down"));
  }
}

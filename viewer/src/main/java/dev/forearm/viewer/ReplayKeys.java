package dev.forearm.viewer;

import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.Playback;
import imgui.ImGui;
import imgui.flag.ImGuiKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each key does to an episode that is replayed. Keys are Dear ImGui's. */
final class ReplayKeys {
  /** For people, a line each. */
  static final String[] HELP = {
    "space  play, stop",
    "left, right  policy step",
    "page up, down  5 seconds",
    "up, down  faster, slower",
    "s, f  success, failure",
    "1-9  stages done by now",
    "u  unlabel",
    "n, p  next, previous episode"
  };

  private static final double SKIP_SECONDS = 5;
  private static final int STAGES = 9;

  private record Binding(boolean repeats, Runnable action) {}

  private final Map<Integer, Binding> bindings = new LinkedHashMap<>();

  ReplayKeys(Playback playback, Marks marks) {
    once(ImGuiKey.Space, playback::toggle);
    held(ImGuiKey.LeftArrow, () -> playback.step(false));
    held(ImGuiKey.RightArrow, () -> playback.step(true));
    held(ImGuiKey.PageUp, () -> playback.skip(-SKIP_SECONDS));
    held(ImGuiKey.PageDown, () -> playback.skip(SKIP_SECONDS));
    once(ImGuiKey.Home, () -> playback.seekFraction(0));
    once(ImGuiKey.End, () -> playback.seekFraction(1));
    once(ImGuiKey.UpArrow, playback::faster);
    once(ImGuiKey.DownArrow, playback::slower);
    once(ImGuiKey.S, () -> marks.success(true));
    once(ImGuiKey.F, () -> marks.success(false));
    once(ImGuiKey.U, marks::clear);
    for (int stage = 1; stage <= STAGES; stage++) {
      int done = stage;
      once(ImGuiKey._0 + stage, () -> marks.stage(done, playback.seconds()));
    }
  }

  /** Does what the keys that went down since the last frame say. */
  void look() {
    bindings.forEach((key, binding) -> {
      if (ImGui.isKeyPressed(key, binding.repeats())) {
        press(key);
      }
    });
  }

  /** Does what a key says, if it says anything. */
  void press(int key) {
    Binding binding = bindings.get(key);
    if (binding != null) {
      binding.action().run();
    }
  }

  private void once(int key, Runnable action) {
    bindings.put(key, new Binding(false, action));
  }

  private void held(int key, Runnable action) {
    bindings.put(key, new Binding(true, action));
  }
}

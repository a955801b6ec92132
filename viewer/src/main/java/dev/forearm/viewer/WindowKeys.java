package dev.forearm.viewer;

import dev.forearm.viewer.replay.ReplayKeys;
import dev.forearm.viewer.replay.ReplayKeys.Turn;
import imgui.ImGui;
import imgui.flag.ImGuiKey;
import java.util.Map;

/** The keys of a replay as Dear ImGui has them. */
final class WindowKeys {
  private static final Map<String, Integer> NAMED =
      Map.ofEntries(
          Map.entry("space", ImGuiKey.Space),
          Map.entry("left", ImGuiKey.LeftArrow),
          Map.entry("right", ImGuiKey.RightArrow),
          Map.entry("up", ImGuiKey.UpArrow),
          Map.entry("down", ImGuiKey.DownArrow),
          Map.entry("page up", ImGuiKey.PageUp),
          Map.entry("page down", ImGuiKey.PageDown),
          Map.entry("home", ImGuiKey.Home),
          Map.entry("end", ImGuiKey.End),
          Map.entry("comma", ImGuiKey.Comma),
          Map.entry("period", ImGuiKey.Period));

  private WindowKeys() {}

  /** Does what the keys that went down since the last frame say. */
  static Turn look(ReplayKeys keys) {
    Turn turn = Turn.STAY;
    for (String key : keys.names()) {
      if (ImGui.isKeyPressed(code(key), keys.repeats(key))) {
        Turn next = keys.press(key);
        turn = next == Turn.STAY ? turn : next;
      }
    }
    return turn;
  }

  static int code(String key) {
    Integer code = NAMED.get(key);
    if (code != null) {
      return code;
    }
    char letter = key.charAt(0);
    return Character.isDigit(letter) ? ImGuiKey._0 + letter - '0' : ImGuiKey.A + letter - 'a';
  }
}

package dev.forearm.viewer.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What each key does to an episode that is replayed, in a window and in a terminal alike. Keys are
 * named by what is printed on them: {@code s}, {@code 1}, {@code left}, {@code page up}.
 */
public final class ReplayKeys {
  /** For people, a line each. */
  public static final List<String> HELP =
      List.of(
          "space  play, stop",
          "left, right  policy step",
          "comma, period  1 s; page up, down  5 s",
          "up, down  faster, slower",
          "s, f  success, failure",
          "1-9  stages done by now",
          "z, u  undo, unlabel",
          "n, p  next, previous episode",
          "q, x  end; forget its new labels first");

  private static final double SKIP_SECONDS = 1;
  private static final double LEAP_SECONDS = 5;
  private static final int STAGES = 9;

  private final Map<String, Binding> bindings = new LinkedHashMap<>();

  /** What is to be shown after a key. */
  public enum Turn {
    /** The same episode. */
    STAY,
    NEXT,
    PREVIOUS,
    /** Nothing more. */
    END;

    /**
     * The place of the episode to show.
     *
     * @param place of the one that is shown
     * @param count of all
     */
    public int from(int place, int count) {
      return switch (this) {
        case STAY, END -> place;
        case NEXT -> Math.min(place + 1, count - 1);
        case PREVIOUS -> Math.max(place - 1, 0);
      };
    }
  }

  private record Binding(boolean repeats, Supplier<Turn> action) {}

  public ReplayKeys(Playback playback, Marks marks) {
    once("space", playback::toggle);
    held("left", () -> playback.step(false));
    held("right", () -> playback.step(true));
    held("comma", () -> playback.skip(-SKIP_SECONDS));
    held("period", () -> playback.skip(SKIP_SECONDS));
    held("page up", () -> playback.skip(-LEAP_SECONDS));
    held("page down", () -> playback.skip(LEAP_SECONDS));
    once("home", () -> playback.seekFraction(0));
    once("end", () -> playback.seekFraction(1));
    once("up", playback::faster);
    once("down", playback::slower);
    once("s", () -> marks.success(true));
    once("f", () -> marks.success(false));
    for (int stage = 1; stage <= STAGES; stage++) {
      int done = stage;
      once(Integer.toString(stage), () -> marks.stage(done, playback.seconds()));
    }
    once("z", marks::undo);
    once("u", marks::clear);
    turning("n", Turn.NEXT);
    turning("p", Turn.PREVIOUS);
    turning("q", Turn.END);
    bind(
        "x",
        false,
        () -> {
          marks.revert();
          return Turn.END;
        });
  }

  /** All keys that do something. */
  public Set<String> names() {
    return bindings.keySet();
  }

  /** Whether a key that is held down does it again and again. */
  public boolean repeats(String key) {
    Binding binding = bindings.get(key);
    return binding != null && binding.repeats;
  }

  /** Does what a key says, if it says anything. */
  public Turn press(String key) {
    Binding binding = bindings.get(key);
    return binding == null ? Turn.STAY : binding.action.get();
  }

  private void once(String key, Runnable action) {
    bind(key, false, staying(action));
  }

  private void held(String key, Runnable action) {
    bind(key, true, staying(action));
  }

  private void turning(String key, Turn turn) {
    bind(key, false, () -> turn);
  }

  private static Supplier<Turn> staying(Runnable action) {
    return () -> {
      action.run();
      return Turn.STAY;
    };
  }

  private void bind(String key, boolean repeats, Supplier<Turn> action) {
    bindings.put(key, new Binding(repeats, action));
  }
}

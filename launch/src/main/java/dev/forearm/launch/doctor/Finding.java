package dev.forearm.launch.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a check found.
 *
 * @param subject what was looked at, for example {@code MuJoCo}
 * @param state how it stands
 * @param found what is there: a version, a path, a limit, or why it could not be read
 * @param remedy what to do about it; empty where nothing is to be done
 */
record Finding(String subject, State state, String found, String remedy) {
  enum State {
    /** As it should be. */
    OK,
    /** The program runs, with less; the remedy says how to get the rest. */
    LESS,
    /** Forearm cannot run without it, or not safely. */
    MISSING
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, State.OK, found, "");
  }

  static Finding less(String subject, String found, String remedy) {
    return new Finding(subject, State.LESS, found, remedy);
  }

  static Finding missing(String subject, String found, String remedy) {
    return new Finding(subject, State.MISSING, found, remedy);
  }

  Map<String, String> toJson() {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("subject", subject);
    json.put("state", state.name().toLowerCase(Locale.ROOT));
    json.put("found", found);
    json.put("remedy", remedy);
    return json;
  }
}

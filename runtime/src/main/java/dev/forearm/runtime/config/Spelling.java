package dev.forearm.runtime.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
final class Spelling {
  private Spelling() {}

  /** The known name with the fewest edits, or null if none is close. */
  static @Nullable String nearest(String word, Collection<String> known) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = edits(word, name);
      if (edits < fewest && close(word, name)) {
        fewest = edits;
        nearest = name;
      }
    }
    return nearest;
  }

  /** Whether at most a third of the longer word (and at least one letter) would have to change. */
  static boolean close(String a, String b) {
    return edits(a, b) <= Math.max(1, Math.max(a.length(), b.length()) / 3);
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}

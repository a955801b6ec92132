package dev.forearm.ros;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Warns of each thing once, and of so many things at most: what peers make up must fill neither log
 * nor memory. One thread at a time.
 */
public final class OnceLog {
  private static final int MOST = 100;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Logger log;
  private final Set<String> said = new HashSet<>();

  public OnceLog(Logger log) {
    this.log = log;
  }

  /**
   * Warns.
   *
   * @param what may hold names that peers gave: no control character of theirs reaches a terminal
   */
  public void warn(String what) {
    if (said.size() < MOST && said.add(what)) {
      log.warn(CONTROL.matcher(what).replaceAll("?"));
      if (said.size() == MOST) {
        log.warn("{} warnings of this kind; no more of them are told", MOST);
      }
    }
  }
}

package dev.forearm.ros.tf;

/** What came of asking a {@link TransformBuffer}; what tf2 throws, by its name there. */
public enum Lookup {
  FOUND("known"),
  /** LookupException. */
  UNKNOWN_FRAME("nobody has told of one of the frames"),
  /** LookupException. */
  LOOP("the frames are in a loop, so there is no tree"),
  /** ConnectivityException. */
  DISCONNECTED("the frames are in two trees"),
  /** ExtrapolationException into the past. */
  TOO_EARLY("it was earlier than all that is remembered"),
  /** ExtrapolationException into the future. */
  TOO_LATE("it is later than all that is known");

  private final String meaning;

  Lookup(String meaning) {
    this.meaning = meaning;
  }

  /** For people. */
  public String meaning() {
    return meaning;
  }
}

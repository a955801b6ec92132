package dev.forearm.runtime.mcap;

/** A record is not what the format allows. Never leaves the package. */
final class DamagedRecord extends RuntimeException {
  private final String found;
  private final String remedy;

  DamagedRecord(String found) {
    this(found, "fetch it again, or keep what is left with 'forearm episodes repair'");
  }

  DamagedRecord(String found, String remedy) {
    super(found, null, false, false);
    this.found = found;
    this.remedy = remedy;
  }

  /** What is wrong with the record. */
  @Override
  public String getMessage() {
    return found;
  }

  /** What to do with its file. */
  String remedy() {
    return remedy;
  }
}

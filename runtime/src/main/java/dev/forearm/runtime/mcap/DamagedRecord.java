package dev.forearm.runtime.mcap;

/** A record is not what the format allows. Never leaves the package. */
final class DamagedRecord extends RuntimeException {
  private final String found;

  DamagedRecord(String found) {
    super(found, null, false, false);
    this.found = found;
  }

  /** What is wrong with the record. */
  @Override
  public String getMessage() {
    return found;
  }
}

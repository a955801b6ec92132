package dev.forearm.ros;

/** A subscription to a topic on which, as far as it sees, nobody publishes. */
public record UnpublishedSubscription(String topic, MessageType type) implements Subscription {
  @Override
  public int publishers() {
    return 0;
  }

  @Override
  public long received() {
    return 0;
  }

  @Override
  public long refused() {
    return 0;
  }

  @Override
  public void close() {}
}

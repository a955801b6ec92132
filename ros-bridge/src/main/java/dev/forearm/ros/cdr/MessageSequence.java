package dev.forearm.ros.cdr;

import dev.forearm.ros.MessageBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reusable storage of a sequence of messages: grows to the longest seen and stays. */
public final class MessageSequence<B extends MessageBuffer> {
  private final Supplier<B> factory;
  private final List<B> buffers = new ArrayList<>();
  private int size;

  /**
   * @param factory makes an empty buffer
   */
  public MessageSequence(Supplier<B> factory) {
    this.factory = factory;
  }

  public int size() {
    return size;
  }

  public B get(int index) {
    return buffers.get(Objects.checkIndex(index, size));
  }

  /** Sets the number of messages; those already there keep their values. */
  public void resize(int size) {
    while (buffers.size() < size) {
      buffers.add(factory.get());
    }
    this.size = size;
  }

  /**
   * Reads length and messages; at most {@code bound}.
   *
   * @param elementBytes fewest bytes one message can take
   */
  public void read(CdrReader reader, int elementBytes, int bound) {
    resize(reader.readLength(elementBytes, bound));
    for (int i = 0; i < size; i++) {
      buffers.get(i).read(reader);
    }
  }

  /** The messages as values. */
  public <M> List<M> toList(Function<B, M> toRecord) {
    return buffers.subList(0, size).stream().map(toRecord).toList();
  }

  public void write(CdrWriter writer) {
    writer.writeLength(size);
    for (int i = 0; i < size; i++) {
      buffers.get(i).write(writer);
    }
  }
}

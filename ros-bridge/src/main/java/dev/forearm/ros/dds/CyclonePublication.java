package dev.forearm.ros.dds;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.dds.ffi.DdsWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A DDS writer as a ROS publication. Off-heap messages are written as they are. */
final class CyclonePublication implements Publication {
  private static final Logger LOG = LoggerFactory.getLogger(CyclonePublication.class);

  private final String topic;
  private final MessageType type;
  private final DdsWriter writer;
  private final NodeGraph graph;
  private MemorySegment copy = MemorySegment.NULL;
  private long dropped;

  CyclonePublication(String topic, MessageType type, DdsWriter writer, NodeGraph graph) {
    this.topic = topic;
    this.type = type;
    this.writer = writer;
    this.graph = graph;
    graph.add(writer);
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public MessageType type() {
    return type;
  }

  @Override
  public void publish(MemorySegment cdr, long length) {
    if (!writer.write(cdr.isNative() ? cdr : offHeap(cdr, length), length)) {
      dropped++;
      if (Long.bitCount(dropped) == 1) {
        LOG.warn(
            "{}: message dropped ({} so far), a reliable subscriber is too slow", topic, dropped);
      }
    }
  }

  private MemorySegment offHeap(MemorySegment cdr, long length) {
    if (copy.byteSize() < length) {
      copy = Arena.ofAuto().allocate(length);
    }
    MemorySegment.copy(cdr, 0, copy, 0, length);
    return copy;
  }

  @Override
  public int subscribers() {
    return writer.subscribers();
  }

  @Override
  public void close() {
    graph.remove(writer);
    writer.close();
  }
}

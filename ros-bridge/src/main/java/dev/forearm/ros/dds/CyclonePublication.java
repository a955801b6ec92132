package dev.forearm.ros.dds;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.NativePublication;
import dev.forearm.ros.dds.ffi.DdsWriter;
import java.lang.foreign.MemorySegment;

/** A DDS writer as a ROS publication. Off-heap messages are written as they are. */
final class CyclonePublication extends NativePublication {
  private final DdsWriter writer;
  private final NodeGraph graph;

  CyclonePublication(String topic, MessageType type, DdsWriter writer, NodeGraph graph) {
    super(topic, type);
    this.writer = writer;
    this.graph = graph;
    graph.add(writer);
  }

  @Override
  protected boolean write(MemorySegment cdr, long length) {
    return writer.write(cdr, length);
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

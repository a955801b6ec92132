package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ServiceType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A node in the ROS graph. rcl lets one thread at a time make or finalise what a node has, or ask
 * for the graph, so those calls take turns here. Closed after everything that came from it.
 */
public final class RclNode implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment node = arena.allocate(Rcl.layouts().value("rcl_node_t"), Long.BYTES);
  private final MemorySegment allocator;

  RclNode(MemorySegment context, MemorySegment allocator, NodeName name) {
    this.allocator = allocator;
    try (Arena call = Arena.ofConfined()) {
      MemorySegment options =
          (MemorySegment) Rcl.Calls.NODE_DEFAULT_OPTIONS.invokeExact((SegmentAllocator) call);
      try {
        Rcl.check(
            (int)
                Rcl.Calls.NODE_INIT.invokeExact(
                    node,
                    call.allocateFrom(name.name()),
                    call.allocateFrom(name.namespace()),
                    context,
                    options),
            "making node " + name);
      } finally {
        Rcl.check(
            (int) Rcl.Calls.NODE_OPTIONS_FINI.invokeExact(options), "finalising node options");
      }
    } catch (Throwable e) {
      arena.close();
      throw Rcl.unexpected(e);
    }
  }

  /**
   * Makes a publisher; the caller closes it.
   *
   * @param topic absolute ROS name
   * @throws dev.forearm.ros.RosFault if rcl refuses, or the type is not installed
   */
  public synchronized RclPublisher publisher(String topic, MessageType type, Qos qos) {
    return new RclPublisher(this, topic, type, qos);
  }

  /**
   * Makes a subscriber; the caller closes it.
   *
   * @param topic absolute ROS name
   * @throws dev.forearm.ros.RosFault if rcl refuses, or the type is not installed
   */
  public synchronized RclSubscriber subscriber(String topic, MessageType type, Qos qos) {
    return new RclSubscriber(this, topic, type, qos);
  }

  /**
   * Makes the answering end of a service; the caller closes it.
   *
   * @param name absolute ROS name
   * @throws dev.forearm.ros.RosFault if rcl refuses, or the type is not installed
   */
  public synchronized RclService service(String name, ServiceType<?, ?> type) {
    return new RclService(this, name, type);
  }

  /**
   * Makes the asking end of a service; the caller closes it.
   *
   * @param name absolute ROS name
   * @throws dev.forearm.ros.RosFault if rcl refuses, or the type is not installed
   */
  public synchronized RclClient client(String name, ServiceType<?, ?> type) {
    return new RclClient(this, name, type);
  }

  /** Triggered by rcl whenever somebody or something in the ROS graph comes or goes. */
  public RclGuardCondition graphChange() {
    try {
      return new RclGuardCondition(
          (MemorySegment) Rcl.Calls.NODE_GRAPH_GUARD_CONDITION.invokeExact(node));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** Who publishes a topic now, this node included. */
  public List<RclEndpoint> publishersOf(String topic) {
    return endpoints(Rcl.Calls.PUBLISHERS_BY_TOPIC, topic);
  }

  /** Who subscribes to a topic now, this node included. */
  public List<RclEndpoint> subscribersOf(String topic) {
    return endpoints(Rcl.Calls.SUBSCRIPTIONS_BY_TOPIC, topic);
  }

  @SuppressWarnings("restricted")
  private synchronized List<RclEndpoint> endpoints(MethodHandle query, String topic) {
    RclLayouts layouts = Rcl.layouts();
    try (Arena call = Arena.ofConfined()) {
      MemorySegment array =
          call.allocate(layouts.value("rmw_topic_endpoint_info_array_t"), Long.BYTES);
      Rcl.check(
          (int) query.invokeExact(node, allocator, call.allocateFrom(topic), false, array),
          "asking for the ends of " + topic);
      long count = array.get(JAVA_LONG, layouts.value("rmw_topic_endpoint_info_array_t.size"));
      long each = layouts.value("rmw_topic_endpoint_info_t");
      MemorySegment infos =
          array
              .get(ADDRESS, layouts.value("rmw_topic_endpoint_info_array_t.info_array"))
              .reinterpret(count * each);
      List<RclEndpoint> found = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        found.add(endpoint(layouts, infos.asSlice(i * each, each)));
      }
      Rcl.check(
          (int) Rcl.Calls.ENDPOINT_INFO_ARRAY_FINI.invokeExact(array, allocator),
          "finalising the ends of " + topic);
      return found;
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  private static RclEndpoint endpoint(RclLayouts layouts, MemorySegment info) {
    String namespace = text(info, layouts.value("rmw_topic_endpoint_info_t.node_namespace"));
    String name = text(info, layouts.value("rmw_topic_endpoint_info_t.node_name"));
    return new RclEndpoint(
        RclEndpoint.nodeOf(namespace, name),
        text(info, layouts.value("rmw_topic_endpoint_info_t.topic_type")),
        RclQos.read(
            layouts,
            info.asSlice(
                layouts.value("rmw_topic_endpoint_info_t.qos_profile"),
                layouts.value("rmw_qos_profile_t"))));
  }

  private static String text(MemorySegment info, long at) {
    return Rcl.text(info.get(ADDRESS, at));
  }

  MemorySegment address() {
    return node;
  }

  MemorySegment allocator() {
    return allocator;
  }

  @Override
  public synchronized void close() {
    try {
      Rcl.check((int) Rcl.Calls.NODE_FINI.invokeExact(node), "finalising a node");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    } finally {
      arena.close();
    }
  }
}

package dev.forearm.ros.dds;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsReader;
import dev.forearm.ros.dds.ffi.DdsWriter;
import dev.forearm.ros.msg.rmw_dds_common.Gid;
import dev.forearm.ros.msg.rmw_dds_common.NodeEntitiesInfo;
import dev.forearm.ros.msg.rmw_dds_common.ParticipantEntitiesInfo;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which readers and writers are whose. DDS knows participants alone; ROS 2 middleware says on the
 * topic {@value #TOPIC} which nodes a participant has, and which readers and writers each. This
 * announces our one node there, anew at each change, and reads what others announce. Any thread.
 */
final class NodeGraph implements CycloneSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeGraph.class);

  /** It is no topic of a node's. */
  static final String TOPIC = DdsNames.DISCOVERY;

  /** All participants publish it, and none may be lost: a deep history stands for all. */
  private static final Qos READING =
      new Qos(Qos.Reliability.RELIABLE, Qos.Durability.TRANSIENT_LOCAL, 1000);

  private final DdsReader reader;
  private final DdsWriter writer;
  private final NodeName node;
  private final DdsGuid participant;
  private final Set<DdsGuid> readers = new LinkedHashSet<>();
  private final Set<DdsGuid> writers = new LinkedHashSet<>();
  private final KnownNodes others = new KnownNodes();
  private final CdrWriter cdr = new CdrWriter(1024);
  private boolean closed;

  NodeGraph(DdsParticipant participant, NodeName node) {
    this.participant = participant.guid();
    this.node = node;
    reader = participant.reader(TOPIC, ParticipantEntitiesInfo.TYPE, READING);
    writer = participant.writer(TOPIC, ParticipantEntitiesInfo.TYPE, Qos.LATCHED);
    announce();
  }

  synchronized void add(DdsReader added) {
    readers.add(added.guid());
    announce();
  }

  synchronized void add(DdsWriter added) {
    writers.add(added.guid());
    announce();
  }

  /** Before it is closed. */
  synchronized void remove(DdsReader gone) {
    readers.remove(gone.guid());
    announce();
  }

  /** Before it is closed. */
  synchronized void remove(DdsWriter gone) {
    writers.remove(gone.guid());
    announce();
  }

  private synchronized void announce() {
    if (closed) {
      return;
    }
    new ParticipantEntitiesInfo(
            new Gid(participant.bytes()),
            List.of(
                new NodeEntitiesInfo(node.namespace(), node.name(), gids(readers), gids(writers))))
        .encode(cdr);
    boolean taken = writer.write(cdr.segment(), cdr.length());
    if (!taken) {
      LOG.warn("{}: not published, a reader of it is too slow", TOPIC);
    }
  }

  private static List<Gid> gids(Set<DdsGuid> guids) {
    return guids.stream().map(guid -> new Gid(guid.bytes())).toList();
  }

  @Override
  public DdsReader reader() {
    return reader;
  }

  @Override
  public void take() {
    reader.take((message, _) -> hear(message));
  }

  private synchronized void hear(MemorySegment message) {
    try {
      others.hear(message);
    } catch (RosFault refused) {
      LOG.debug("{}: refused: {}", TOPIC, refused.getMessage());
    }
  }

  /** A participant that announces nothing more is gone, or as good as. */
  synchronized void writerLeft(DdsEndpoint left) {
    if (left.topic().equals(TOPIC)) {
      others.forget(left.participant());
    }
  }

  /** Whose an endpoint is, for people. */
  synchronized String nameOf(DdsEndpoint endpoint) {
    if (endpoint.participant().equals(participant)) {
      return node.toString();
    }
    return others.nameOf(endpoint).orElse(Endpoint.NO_NODE);
  }

  /** Announces nothing more: the participant is about to leave, and takes everything with it. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}

package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.msg.rmw_dds_common.Gid;
import dev.forearm.ros.msg.rmw_dds_common.NodeEntitiesInfo;
import dev.forearm.ros.msg.rmw_dds_common.ParticipantEntitiesInfo;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What other participants have announced of their nodes. One thread at a time. */
final class KnownNodes {
  /** Bytes of all that is known: what a peer makes up must not fill the memory. */
  static final long MOST_BYTES = 4 << 20;

  private final Map<DdsGuid, Announcement> byParticipant = new HashMap<>();
  private long bytes;

  private record Announcement(long bytes, List<NodeEntitiesInfo> nodes) {}

  /**
   * Takes what a participant announces in place of what it did before, which is forgotten even if
   * there is no room.
   *
   * @param message a ParticipantEntitiesInfo
   * @throws RosFault if it is none, or too much is known already
   */
  void hear(MemorySegment message) {
    long size = message.byteSize();
    requireRoom(size);
    ParticipantEntitiesInfo info = ParticipantEntitiesInfo.decode(message);
    DdsGuid participant = DdsGuid.of(info.gid().data());
    forget(participant);
    requireRoom(bytes + size);
    byParticipant.put(participant, new Announcement(size, info.nodeEntitiesInfoSeq()));
    bytes += size;
  }

  private static void requireRoom(long wanted) {
    if (wanted > MOST_BYTES) {
      throw new RosFault(
          "%s bytes of announcements found, %s at most wanted; is a peer making nodes up?"
              .formatted(wanted, MOST_BYTES));
    }
  }

  void forget(DdsGuid participant) {
    Announcement gone = byParticipant.remove(participant);
    bytes -= gone == null ? 0 : gone.bytes();
  }

  /** The full name of the node that an endpoint belongs to. */
  Optional<String> nameOf(DdsEndpoint endpoint) {
    Announcement announced = byParticipant.get(endpoint.participant());
    if (announced == null) {
      return Optional.empty();
    }
    return announced.nodes().stream()
        .filter(node -> has(node.writerGidSeq(), endpoint) || has(node.readerGidSeq(), endpoint))
        .map(node ->
            (node.nodeNamespace().equals("/") ? "/" : node.nodeNamespace() + "/") + node.nodeName())
        .findFirst();
  }

  private static boolean has(List<Gid> gids, DdsEndpoint endpoint) {
    return gids.stream().anyMatch(gid -> DdsGuid.of(gid.data()).equals(endpoint.guid()));
  }
}

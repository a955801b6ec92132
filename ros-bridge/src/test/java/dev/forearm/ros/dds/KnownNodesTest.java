package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.msg.rmw_dds_common.Gid;
import dev.forearm.ros.msg.rmw_dds_common.NodeEntitiesInfo;
import dev.forearm.ros.msg.rmw_dds_common.ParticipantEntitiesInfo;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownNodesTest {
  private static final DdsGuid ENDPOINT = new DdsGuid(7, 8);

  private final KnownNodes nodes = new KnownNodes();

  /** That node {@code /arm} of a participant has so many writers, all the same. */
  private static MemorySegment announcement(long participant, int writers) {
    List<Gid> gids = Collections.nCopies(writers, new Gid(ENDPOINT.bytes()));
    CdrWriter writer = new CdrWriter(1024);
    new ParticipantEntitiesInfo(
            new Gid(new DdsGuid(participant, 0).bytes()),
            List.of(new NodeEntitiesInfo("/", "arm", List.of(), gids)))
        .encode(writer);
    return MemorySegment.ofArray(writer.toByteArray());
  }

  private Optional<String> ownerIn(long participant) {
    return nodes.nameOf(
        new DdsEndpoint(ENDPOINT, new DdsGuid(participant, 0), "rt/a", "b", Qos.DEFAULT, ""));
  }

  @Test
  void anEndpointIsTheNodesThatAnnouncedItUntilItsParticipantLeaves() {
    nodes.hear(announcement(1, 1));
    assertEquals(Optional.of("/arm"), ownerIn(1));
    assertEquals(Optional.empty(), ownerIn(2));
    nodes.forget(new DdsGuid(1, 0));
    assertEquals(Optional.empty(), ownerIn(1));
  }

  @Test
  void announcementsThatReplaceOneAnotherDoNotAddUp() {
    MemorySegment large = announcement(1, 200_000);
    for (int i = 0; i < 10; i++) {
      nodes.hear(large);
    }
    assertEquals(Optional.of("/arm"), ownerIn(1));
  }

  @Test
  void whatIsMadeUpDoesNotFillTheMemoryAndRoomIsMadeByWhoLeaves() {
    MemorySegment large = announcement(1, 200_000);
    assertTrue(2 * large.byteSize() > KnownNodes.MOST_BYTES);
    nodes.hear(large);
    RosFault refused = assertThrows(RosFault.class, () -> nodes.hear(announcement(2, 200_000)));
    assertTrue(refused.getMessage().contains("4194304 at most"), refused.getMessage());
    nodes.forget(new DdsGuid(1, 0));
    nodes.hear(announcement(2, 200_000));
    assertEquals(Optional.of("/arm"), ownerIn(2));
  }
}

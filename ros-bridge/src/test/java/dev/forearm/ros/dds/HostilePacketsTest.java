package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Int32;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Discovery as it is on the wire, and damaged. */
class HostilePacketsTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int ROUNDS = 1_000;
  private static final int GUID_AT = 8; // in the header of RTPS: RTPS 2.5, 9.4.4
  private static final int HEADER_BYTES = 20;
  private static final int LIARS = 8;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  @Test
  void damagedAnnouncementsOfParticipantsLeaveTopicsAlone() throws Exception {
    int domain = FreeDomain.take();
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (DatagramSocket ear =
            new DatagramSocket(DdsPorts.discovery(domain, DdsOptions.PARTICIPANTS - 2));
        CycloneTransport transport = Peers.join(DdsOptions.loopback(domain))) {
      transport.subscribe(
          "/still", Int32.TYPE, Qos.DEFAULT, (cdr, _) -> got.add(Int32.decode(cdr).data()));
      Publication publication = transport.advertise("/still", Int32.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);

      DatagramPacket heard = new DatagramPacket(new byte[65_536], 65_536);
      ear.setSoTimeout(PATIENCE_MILLIS);
      ear.receive(heard); // it looks for others on every port
      byte[] truth = Arrays.copyOf(heard.getData(), heard.getLength());
      Random seed5 = new Random(5);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] lie = damaged(truth, round, seed5);
        int length = round % 3 == 0 ? seed5.nextInt(lie.length) : lie.length;
        ear.send(new DatagramPacket(lie, length, LOOPBACK, DdsPorts.discovery(domain, 0)));
      }

      CdrWriter writer = new CdrWriter(64);
      new Int32(7).encode(writer);
      publication.publish(writer);
      assertEquals(7, Peers.poll(got));
      assertEquals(1, publication.subscribers());
    }
  }

  /** Of one participant out of few; where it claims to be stays true, so that nothing leaves lo. */
  private static byte[] damaged(byte[] truth, int round, Random random) {
    byte[] lie = truth.clone();
    lie[GUID_AT] ^= (byte) (1 + round % LIARS);
    for (int i = 0; i < 1 + round % 6; i++) {
      lie[HEADER_BYTES + random.nextInt(lie.length - HEADER_BYTES)] = (byte) random.nextInt();
    }
    byte[] address = LOOPBACK.getAddress();
    for (int at = 0; at <= truth.length - address.length; at++) {
      if (Arrays.equals(truth, at, at + address.length, address, 0, address.length)) {
        System.arraycopy(address, 0, lie, at, address.length);
      }
    }
    return lie;
  }
}

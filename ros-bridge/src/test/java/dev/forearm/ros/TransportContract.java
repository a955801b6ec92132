package dev.forearm.ros;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.FrugalCheck;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What every transport over a network does. Both ends are in this process. */
public abstract class TransportContract {
  /** A transport whose receiving must not end before the test, in a domain of the test class. */
  protected abstract RosTransport join(NodeName node);

  private RosTransport join(String node) {
    return join(NodeName.FOREARM.named(node));
  }

  protected static JointState jointState(int sec) {
    Header header = new Header(new Time(sec, 5), "base");
    return new JointState(
        header, List.of("a", "bb"), new double[] {0.5, sec}, new double[] {}, new double[] {9.25});
  }

  protected static CdrWriter encoded(Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    return writer;
  }

  @Test
  final void aJointStateArrivesAsItWasSent() throws InterruptedException {
    BlockingQueue<JointState> got = new ArrayBlockingQueue<>(16);
    try (RosTransport sender = join("sender");
        RosTransport receiver = join("receiver")) {
      Subscription subscription =
          receiver.subscribe(
              "/joint_states",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> got.add(JointState.decode(cdr)));
      Publication publication = sender.advertise("joint_states", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      Peers.await("a match", () -> subscription.publishers() == 1);
      publication.publish(encoded(jointState(7)));
      assertEquals(jointState(7), Peers.poll(got));
      assertEquals(1, subscription.received());
    }
  }

  @Test
  final void anImageOfAMegabyteOnTheHeapArrivesWhole() throws InterruptedException {
    byte[] pixels = new byte[640 * 546 * 3];
    new Random(3).nextBytes(pixels);
    Header header = new Header(new Time(1, 2), "camera");
    CdrWriter image = encoded(new Image(header, 546, 640, "rgb8", (byte) 0, 640 * 3, pixels));
    byte[] onTheHeap = image.segment().asSlice(0, image.length()).toArray(ValueLayout.JAVA_BYTE);
    BlockingQueue<Image> got = new ArrayBlockingQueue<>(4);
    try (RosTransport transport = join("camera")) {
      transport.subscribe(
          "/camera", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.add(Image.decode(cdr)));
      Publication publication = transport.advertise("/camera", Image.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      publication.publish(MemorySegment.ofArray(onTheHeap), onTheHeap.length);
      assertArrayEquals(pixels, Peers.poll(got).data());
    }
  }

  @Test
  final void aLatchedMessageReachesALateSubscriber() throws InterruptedException {
    BlockingQueue<String> got = new ArrayBlockingQueue<>(4);
    try (RosTransport sender = join("sender");
        RosTransport receiver = join("receiver")) {
      var type = dev.forearm.ros.msg.std_msgs.String.TYPE;
      Publication names = sender.advertise("/object_names", type, Qos.LATCHED);
      names.publish(encoded(new dev.forearm.ros.msg.std_msgs.String("old")));
      names.publish(encoded(new dev.forearm.ros.msg.std_msgs.String("red,blue")));
      receiver.subscribe(
          "/object_names",
          type,
          Qos.LATCHED,
          (cdr, nanos) -> got.add(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()));
      assertEquals("red,blue", Peers.poll(got));
      assertTrue(got.isEmpty(), "depth 1 keeps only the newest");
    }
  }

  @Test
  final void aLateSubscriberOfWhatIsNotLatchedHearsWhatComesFromThenOn()
      throws InterruptedException {
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (RosTransport sender = join("sender");
        RosTransport receiver = join("receiver")) {
      Publication publication = sender.advertise("/late", JointState.TYPE, Qos.DEFAULT);
      publication.publish(encoded(jointState(1)));
      Subscription late =
          receiver.subscribe(
              "/late",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, _) -> got.add(JointState.decode(cdr).header().stamp().sec()));
      Peers.await("a match", () -> publication.subscribers() == 1 && late.publishers() == 1);
      publication.publish(encoded(jointState(2)));
      assertEquals(2, Peers.poll(got));
    }
  }

  @Test
  final void theSecondCommanderOfATopicIsSeen() {
    try (RosTransport arm = join("arm");
        RosTransport one = join("one");
        RosTransport two = join("two")) {
      Subscription commands =
          arm.subscribe(
              "/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND, (cdr, nanos) -> {});
      one.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND);
      Peers.await("the first", () -> commands.publishers() == 1);
      Publication second =
          two.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND);
      Peers.await("the second", () -> commands.publishers() == 2);
      second.close();
      Peers.await("it to go", () -> commands.publishers() == 1);
    }
  }

  @Test
  final void messagesTellTheirPublisher() throws InterruptedException {
    BlockingQueue<Long> publishers = new ArrayBlockingQueue<>(16);
    try (RosTransport sender = join("sender");
        RosTransport receiver = join("receiver")) {
      receiver.subscribe(
          "/told",
          JointState.TYPE,
          Qos.DEFAULT,
          new CdrHandler() {
            @Override
            public void onMessage(MemorySegment cdr, long receivedNanos) {
              throw new AssertionError("the publisher was left out");
            }

            @Override
            public void onMessage(MemorySegment cdr, long receivedNanos, long publisher) {
              publishers.add(publisher);
            }
          });
      Publication one = sender.advertise("/told", JointState.TYPE, Qos.DEFAULT);
      Publication two = sender.advertise("/told", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> one.subscribers() == 1 && two.subscribers() == 1);
      one.publish(encoded(jointState(1)));
      long first = Peers.poll(publishers);
      two.publish(encoded(jointState(1)));
      long second = Peers.poll(publishers);
      one.publish(encoded(jointState(1)));
      assertEquals(first, Peers.poll(publishers));
      assertNotEquals(first, second);
    }
  }

  @Test
  final void aHandlerThatRefusesOrFailsDoesNotStopTheNextMessage() throws InterruptedException {
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (RosTransport sender = join("sender");
        RosTransport receiver = join("receiver")) {
      Subscription subscription =
          receiver.subscribe(
              "/joint_states",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> {
                int sec = JointState.decode(cdr).header().stamp().sec();
                switch (sec) {
                  case 1 -> throw new RosFault("refused by test");
                  case 2 -> throw new IllegalStateException("bug in test's handler");
                  default -> got.add(sec);
                }
              });
      Publication publication = sender.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      for (int sec = 1; sec <= 3; sec++) {
        publication.publish(encoded(jointState(sec)));
      }
      assertEquals(3, Peers.poll(got));
      assertEquals(1, subscription.refused());
      assertEquals(3, subscription.received());
    }
  }

  /** Opened and closed while messages come, in the order that does most harm. */
  @Test
  final void subscriptionsComeAndGoUnderALoad() throws InterruptedException {
    BlockingQueue<Integer> got = new LinkedBlockingQueue<>();
    try (RosTransport transport = join("busy")) {
      Publication publication = transport.advertise("/busy", JointState.TYPE, Qos.DEFAULT);
      CdrWriter message = encoded(jointState(1));
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                while (!Thread.interrupted()) {
                  publication.publish(message);
                }
              });
      for (int i = 0; i < 30; i++) {
        Subscription subscription =
            transport.subscribe(
                "/busy", JointState.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.offer(1));
        got.clear();
        Peers.poll(got);
        subscription.close();
        subscription.close();
      }
      sender.interrupt();
      sender.join();
    }
  }

  /** What a native library made for it is gone: it must not be asked any more. */
  @Test
  final void whatIsClosedRefusesToPublish() {
    CdrWriter message = encoded(jointState(1));
    Publication orphan;
    try (RosTransport transport = join("closed")) {
      orphan = transport.advertise("/orphan", JointState.TYPE, Qos.DEFAULT);
      Publication closed = transport.advertise("/closed", JointState.TYPE, Qos.DEFAULT);
      closed.close();
      closed.close();
      assertEquals(0, closed.subscribers());
      assertThrows(IllegalStateException.class, () -> closed.publish(message));
    }
    assertThrows(IllegalStateException.class, () -> orphan.publish(message));
    orphan.close();
  }

  @Test
  final void aNamespaceGoesBeforeRelativeNamesOnly() {
    try (RosTransport transport = join(NodeName.FOREARM.inNamespace("/left_arm"))) {
      assertEquals(
          "/left_arm/joint_states",
          transport.advertise("joint_states", JointState.TYPE, Qos.DEFAULT).topic());
      assertEquals(
          "/joint_states",
          transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT).topic());
    }
  }

  @Test
  final void publishingAndReceivingAllocateNothing() {
    FrugalCheck.run(join("frugal"));
  }
}

package dev.forearm.ros;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Float64;
import dev.forearm.ros.msg.std_msgs.Int32;
import dev.forearm.runtime.clock.SimulatedClock;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InProcessTransportTest {
  private static final Qos BEST_EFFORT = Qos.SENSOR_DATA;

  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final List<String> log = new ArrayList<>();
  private final CdrWriter writer = new CdrWriter(16);

  private void publish(Publication publication, int value) {
    new Int32(value).encode(writer);
    publication.publish(writer);
  }

  private CdrHandler logging(String name) {
    return (cdr, nanos) -> log.add(name + Int32.decode(cdr).data() + "@" + nanos);
  }

  @Test
  void handlersRunInlineInTheOrderTheySubscribed() {
    Publication publication = transport.advertise("/a", Int32.TYPE, Qos.DEFAULT);
    transport.subscribe("/a", Int32.TYPE, Qos.DEFAULT, logging("x"));
    transport.subscribe("a", Int32.TYPE, Qos.DEFAULT, logging("y"));
    clock.advance(7);
    publish(publication, 1);
    publish(publication, 2);
    assertEquals(List.of("x1@7", "y1@7", "x2@7", "y2@7"), log);
    assertEquals(2, publication.subscribers());
  }

  @Test
  void aHandlerMayPublishAndIsAnsweredBeforeItReturns() {
    Publication question = transport.advertise("/question", Int32.TYPE, Qos.DEFAULT);
    Publication answer = transport.advertise("/answer", Int32.TYPE, Qos.DEFAULT);
    CdrWriter own = new CdrWriter(16);
    transport.subscribe("/answer", Int32.TYPE, Qos.DEFAULT, logging("answer"));
    transport.subscribe(
        "/question",
        Int32.TYPE,
        Qos.DEFAULT,
        (cdr, nanos) -> {
          new Int32(Int32.decode(cdr).data() + 1).encode(own);
          answer.publish(own);
          log.add("asked");
        });
    publish(question, 41);
    assertEquals(List.of("answer42@0", "asked"), log);
  }

  @Test
  void handlersRunOneAtATimeWhicheverThreadsPublish() throws InterruptedException {
    int messages = 20_000;
    AtomicBoolean busy = new AtomicBoolean();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger handled = new AtomicInteger();
    List<Thread> publishers = new ArrayList<>();
    for (String topic : List.of("/a", "/b")) {
      transport.subscribe(
          topic,
          Int32.TYPE,
          Qos.DEFAULT,
          (cdr, nanos) -> {
            if (!busy.compareAndSet(false, true)) {
              overlaps.incrementAndGet();
            }
            handled.incrementAndGet();
            busy.set(false);
          });
      Publication publication = transport.advertise(topic, Int32.TYPE, Qos.DEFAULT);
      publishers.add(
          Thread.ofPlatform()
              .unstarted(() -> {
                CdrWriter own = new CdrWriter(16);
                new Int32(1).encode(own);
                for (int i = 0; i < messages; i++) {
                  publication.publish(own);
                }
              }));
    }
    publishers.forEach(Thread::start);
    for (Thread publisher : publishers) {
      publisher.join();
    }
    assertEquals(2 * messages, handled.get());
    assertEquals(0, overlaps.get());
  }

  @Test
  void aLateSubscriberGetsWhatALatchedPublicationKept() {
    Publication publication =
        transport.advertise(
            "/a", Int32.TYPE, new Qos(Qos.Reliability.RELIABLE, Qos.Durability.TRANSIENT_LOCAL, 2));
    publish(publication, 1);
    publish(publication, 2);
    publish(publication, 3);
    transport.subscribe("/a", Int32.TYPE, Qos.DEFAULT, logging("volatile"));
    transport.subscribe("/a", Int32.TYPE, Qos.LATCHED, logging("late"));
    assertEquals(List.of("late2@0", "late3@0"), log);
  }

  @Test
  void aSubscriptionThatAsksForMoreThanIsOfferedIsNotMatched() {
    Publication publication = transport.advertise("/a", Int32.TYPE, BEST_EFFORT);
    Subscription reliable = transport.subscribe("/a", Int32.TYPE, Qos.DEFAULT, logging("r"));
    Subscription sensor = transport.subscribe("/a", Int32.TYPE, BEST_EFFORT, logging("s"));
    publish(publication, 1);
    assertEquals(List.of("s1@0"), log);
    assertEquals(0, reliable.publishers());
    assertEquals(1, sensor.publishers());
    assertEquals(1, publication.subscribers());
  }

  @Test
  void aRefusedMessageIsCountedAndTheNextOneArrives() {
    Publication publication = transport.advertise("/a", Int32.TYPE, Qos.DEFAULT);
    Subscription subscription = transport.subscribe("/a", Int32.TYPE, Qos.DEFAULT, logging("x"));
    publication.publish(MemorySegment.ofArray(new byte[] {0, 1, 0, 0, 9}), 5);
    publish(publication, 2);
    assertEquals(1, subscription.refused());
    assertEquals(2, subscription.received());
    assertEquals(List.of("x2@0"), log);
  }

  @Test
  void oneTopicCarriesOneType() {
    transport.advertise("/a", Int32.TYPE, Qos.DEFAULT);
    RosFault fault =
        assertThrows(
            RosFault.class,
            () -> transport.subscribe("/a", Float64.TYPE, Qos.DEFAULT, logging("x")));
    assertTrue(fault.getMessage().contains("carries std_msgs/msg/Int32"), fault.getMessage());
  }

  @Test
  void whatIsClosedIsSilent() {
    Publication publication = transport.advertise("/a", Int32.TYPE, Qos.DEFAULT);
    Subscription subscription = transport.subscribe("/a", Int32.TYPE, Qos.DEFAULT, logging("x"));
    subscription.close();
    publish(publication, 1);
    assertEquals(List.of(), log);
    publication.close();
    assertThrows(IllegalStateException.class, () -> publish(publication, 2));
    assertEquals(0, subscription.publishers());
  }

  @Test
  void namesThatAreNotRosNamesAreRefused() {
    for (String name : List.of("", "/", "/a//b", "/1a", "/a b", "/a__b", "/a/")) {
      assertThrows(RosFault.class, () -> transport.advertise(name, Int32.TYPE, Qos.DEFAULT), name);
    }
    assertThrows(RosFault.class, () -> new TopicNames("arm"));
    assertEquals("/arm/state", new TopicNames("/arm").resolve("state"));
  }
}

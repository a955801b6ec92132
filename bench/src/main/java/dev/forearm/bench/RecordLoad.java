package dev.forearm.bench;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.episode.Channel;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecordRing;
import dev.forearm.runtime.episode.TopicQos;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What a busy robot gives a recorder: 10,000 small messages a second from two threads, and 20 MB of
 * pictures a second from one of them. Every message begins with its number on its topic.
 */
final class RecordLoad implements AutoCloseable {
  /** Topics that both threads fill, five messages a millisecond. */
  static final String STATES = "/joint_states";

  static final String COMMANDS = "/commands";

  /** 640 x 480 pixels of three bytes, 22 a second. */
  static final String PICTURES = "/pictures";

  private static final ValueLayout.OfLong NUMBER = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int SMALL_BYTES = 376; // a JointState of nine joints
  private static final int PICTURE_BYTES = 640 * 480 * 3;
  private static final double SMALL_HZ = 5_000;
  private static final double PICTURES_HZ = 22;
  private static final int RECEIVE_RING_BYTES = 16 << 20; // as the program's
  private static final int LOOP_RING_BYTES = 1 << 20;
  private static final long TURN_NANOS = 1_000_000;

  private final List<Producer> producers;
  private final List<Thread> threads;
  private volatile boolean running = true;

  /** Looks on, on the threads that offer. */
  interface Witness {
    /** Each message on {@link #STATES}. */
    default void offered(long number, long nanos) {}

    /** Of any topic one found no room. */
    default void dropped() {}
  }

  /** Starts both threads. */
  RecordLoad(EpisodeRecorder recorder, Witness witness) {
    RecordRing receive = recorder.ring("receive", RECEIVE_RING_BYTES);
    RecordRing control = recorder.ring("control", LOOP_RING_BYTES);
    Topic states = new Topic(recorder, STATES, receive, SMALL_HZ, SMALL_BYTES);
    Topic pictures = new Topic(recorder, PICTURES, receive, PICTURES_HZ, PICTURE_BYTES);
    Topic commands = new Topic(recorder, COMMANDS, control, SMALL_HZ, SMALL_BYTES);
    producers =
        List.of(
            new Producer(List.of(states, pictures), witness),
            new Producer(List.of(commands), witness));
    threads = producers.stream().map(each -> Thread.ofPlatform().start(each)).toList();
  }

  /** Topics, for their counts once both threads have ended. */
  List<Topic> topics() {
    return producers.stream().flatMap(producer -> producer.topics.stream()).toList();
  }

  /** What an offer took, ns. Any thread. */
  NanosHistogram offers() {
    NanosHistogram all = new NanosHistogram();
    producers.forEach(producer -> all.add(producer.offers));
    return all;
  }

  /** Ends both threads. */
  @Override
  public void close() {
    running = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Messages of one topic. Owned by its producer's thread. */
  static final class Topic {
    final String name;
    private final RecordRing ring;
    private final int channel;
    private final double hz;
    private final MemorySegment payload;

    /** Messages offered; the last one's number. */
    long offered;

    Topic(EpisodeRecorder recorder, String name, RecordRing ring, double hz, int bytes) {
      this.name = name;
      this.ring = ring;
      this.hz = hz;
      payload = MemorySegment.ofArray(noisy(bytes));
      TopicQos qos = new TopicQos(true, false, 10);
      channel = recorder.channel(new Channel(name, "bench/msg/Bytes", "byte[] data", "", qos));
    }

    long dropped() {
      return ring.dropped(channel);
    }

    boolean offer(long nanos) {
      payload.set(NUMBER, 0, ++offered);
      return ring.offer(channel, nanos, 0, payload, 0, payload.byteSize());
    }

    /** Smooth with three bits of noise, as a camera's picture: compression leaves most of it. */
    private static byte[] noisy(int length) {
      SplittableRandom random = new SplittableRandom(length);
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (100 + 60 * Math.sin(i / 700.0) + random.nextInt(8));
      }
      return bytes;
    }
  }

  /** One thread; it offers what is due and sleeps for a millisecond. */
  private final class Producer implements Runnable {
    private final List<Topic> topics;
    private final Witness witness;
    private final NanosHistogram offers = new NanosHistogram();

    Producer(List<Topic> topics, Witness witness) {
      this.topics = topics;
      this.witness = witness;
    }

    @Override
    public void run() {
      long started = System.nanoTime();
      while (running) {
        for (Topic topic : topics) {
          long due = (long) ((System.nanoTime() - started) * 1e-9 * topic.hz);
          while (topic.offered < due) {
            long now = System.nanoTime();
            boolean taken = topic.offer(now);
            offers.record(System.nanoTime() - now);
            if (!taken) {
              witness.dropped();
            }
            if (topic.name.equals(STATES)) {
              witness.offered(topic.offered, now);
            }
          }
        }
        LockSupport.parkNanos(TURN_NANOS);
      }
    }
  }
}

package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * One line of golden/messages.txt: a message of each type as an independent encoder wrote it. Made
 * anew by src/test/python/make_golden.py.
 *
 * @param type ROS name
 * @param hash REP-2011 hash
 * @param hex CDR, encapsulation header included
 */
public record GoldenMessage(String type, String hash, String hex) {
  private static final String FILE = "/golden/messages.txt";

  public static List<GoldenMessage> all() {
    try (InputStream file =
        Objects.requireNonNull(GoldenMessage.class.getResourceAsStream(FILE), FILE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .map(part -> new GoldenMessage(part[0], part[1], part[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static GoldenMessage of(String type) {
    return all().stream().filter(m -> m.type.equals(type)).findFirst().orElseThrow();
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  public MemorySegment cdr() {
    return MemorySegment.ofArray(bytes());
  }

  private String className() {
    return MessageType.className(type);
  }

  /** TYPE of the generated class. */
  public MessageType messageType() {
    return MessageType.named(type);
  }

  /** A new Buffer of the generated class. */
  public MessageBuffer newBuffer() {
    try {
      return Class.forName(className() + "$Buffer")
          .asSubclass(MessageBuffer.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(className(), e);
    }
  }

  /**
   * The generated class's record, read from {@code reader}.
   *
   * @throws RosFault if it refuses
   */
  public Message readRecord(CdrReader reader) {
    try {
      return (Message)
          Class.forName(className()).getMethod("read", CdrReader.class).invoke(null, reader);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RosFault refused
          ? refused
          : new IllegalStateException(className(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(className(), e);
    }
  }

  @Override
  public String toString() {
    return type;
  }
}

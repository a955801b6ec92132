package dev.forearm.ros.cdr;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reusable storage of a string sequence: grows to the longest seen and stays. */
public final class TextSequence {
  private static final int LENGTH_BYTES = 4;

  private Text[] texts = {};
  private int size;

  public int size() {
    return size;
  }

  public Text get(int index) {
    return texts[Objects.checkIndex(index, size)];
  }

  /** Sets the number of strings; those already there keep their values. */
  public void resize(int size) {
    if (size > texts.length) {
      int before = texts.length;
      texts = Arrays.copyOf(texts, size);
      for (int i = before; i < size; i++) {
        texts[i] = new Text();
      }
    }
    this.size = size;
  }

  public void assign(List<String> source) {
    resize(source.size());
    for (int i = 0; i < size; i++) {
      texts[i].assign(source.get(i));
    }
  }

  public List<String> toList() {
    return Arrays.stream(texts, 0, size).map(Text::toString).toList();
  }

  /** Reads length and strings; at most {@code bound}. */
  public void read(CdrReader reader, int bound) {
    resize(reader.readLength(LENGTH_BYTES, bound));
    for (int i = 0; i < size; i++) {
      texts[i].read(reader);
    }
  }

  public void write(CdrWriter writer) {
    writer.writeLength(size);
    for (int i = 0; i < size; i++) {
      texts[i].write(writer);
    }
  }
}

package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.SafetyState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Hashes commands: SHA-256 over the stamp (int64) and positions (float64) of every command,
 * little-endian, in the order sent.
 */
public final class CommandTrace implements RuntimeTap {
  private final MessageDigest digest;
  private final ByteBuffer bytes;
  private long commands;

  /** For a robot with {@code joints} joints. */
  public CommandTrace(int joints) {
    bytes = ByteBuffer.allocate(Long.BYTES + joints * Double.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    bytes.clear();
    bytes.putLong(stampNanos);
    for (double position : positions) {
      bytes.putDouble(position);
    }
    digest.update(bytes.array(), 0, bytes.position());
    commands++;
  }

  /** Commands so far. */
  public long commands() {
    return commands;
  }

  /** The hash of all commands so far, as hex; more may follow. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the platform's SHA-256 can be cloned", e);
    }
  }
}

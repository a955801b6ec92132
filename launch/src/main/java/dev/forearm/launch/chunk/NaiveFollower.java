package dev.forearm.launch.chunk;

import dev.forearm.runtime.control.ChunkPath;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.inference.ActionChunk;

/** Switches to the newest chunk's own path at once, as most policy runtimes do. */
final class NaiveFollower implements Follower {
  private final ChunkPath path;

  NaiveFollower(int joints) {
    path = new ChunkPath(joints);
  }

  @Override
  public void take(ActionChunk chunk, long now, double[] position, double[] velocity) {
    path.take(chunk);
  }

  @Override
  public void sample(long now, double[] target) {
    path.at(now);
    for (int j = 0; j < target.length; j++) {
      target[j] = path.position(j);
    }
  }
}

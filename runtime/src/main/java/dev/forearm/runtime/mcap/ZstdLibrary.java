package dev.forearm.runtime.mcap;

import com.github.luben.zstd.util.Native;
import dev.forearm.runtime.RuntimeFault;

/** The compressor of episodes: a native library, which is unpacked from its jar to be loaded. */
public final class ZstdLibrary {
  private ZstdLibrary() {}

  /**
   * Loads it, if it is not loaded yet. Cheap after the first call; from any thread.
   *
   * @throws RuntimeFault if it cannot be loaded, for example because the temporary folder is
   *     mounted so that nothing in it may be executed
   */
  public static void require() {
    try {
      Native.load();
    } catch (LinkageError e) {
      throw new RuntimeFault(
          "load zstd: %s; where the temporary folder %s may execute nothing, name another with -Djava.io.tmpdir or the library with -DZstdNativePath"
              .formatted(
                  String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                  System.getProperty("java.io.tmpdir")),
          e);
    }
  }
}

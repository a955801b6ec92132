package dev.forearm.sim.ffi;

import dev.forearm.sim.SimFault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * Struct sizes, field offsets and enum values of one MuJoCo release, from the committed table. They
 * differ from release to release, so an unlisted one is refused.
 */
final class MujocoLayout {
  private static final List<String> TABLES = List.of("mujoco-4.0.properties");

  private final Properties values;

  private MujocoLayout(Properties values) {
    this.values = values;
  }

  /**
   * @param version what {@code mj_version()} returned
   * @throws SimFault if no committed table names that version
   */
  static MujocoLayout of(int version) {
    StringBuilder known = new StringBuilder();
    for (String table : TABLES) {
      Properties values = read(table);
      String versions = values.getProperty("versions", "");
      if (Arrays.asList(versions.split(" ", -1)).contains(Integer.toString(version))) {
        return new MujocoLayout(values);
      }
      known.append(' ').append(versions);
    }
    throw new SimFault(
        "MuJoCo: the library is version %s, the layouts known here are%s; use a 4.0 release, or"
                .formatted(version, known)
            + " print its table with sim/src/main/native/mujoco_offsets.c");
  }

  /** Size in bytes, offset in bytes or enum value. */
  int get(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("the MuJoCo layout table has no entry " + name);
    }
    return Integer.parseInt(value.strip());
  }

  private static Properties read(String table) {
    Properties values = new Properties();
    try (InputStream in = MujocoLayout.class.getResourceAsStream(table)) {
      if (in == null) {
        throw new IllegalStateException("resource " + table + " is missing from the sim module");
      }
      values.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("resource " + table + " cannot be read", e);
    }
    return values;
  }
}

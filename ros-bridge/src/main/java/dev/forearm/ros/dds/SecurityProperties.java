package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.DdscLibrary;
import dev.forearm.ros.security.Enclave;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a DDS participant is told to be of an enclave, as rmw_cyclonedds tells it. */
final class SecurityProperties {
  private SecurityProperties() {}

  /**
   * The participant's properties, by name; none where nothing is secured.
   *
   * @throws RosFault if the library cannot secure anything
   */
  static Map<String, String> of(Enclave enclave, DdscLibrary library) {
    Map<String, String> properties = new LinkedHashMap<>();
    if (enclave.keys().isEmpty()) {
      return properties;
    }
    Path folder =
        library
            .securityFolder()
            .orElseThrow(() ->
                new RosFault(
                    "securing enclave %s: %s was built without DDS Security (no libdds_security_auth.so beside it); install one that has it (Debian, Ubuntu: apt install libddsc0debian), source a ROS 2, or set FOREARM_DDSC_LIB to it"
                        .formatted(enclave.name(), library.file())));
    enclave.files().forEach((file, path) -> properties.put(file.property(), "file:" + path));
    plugin(properties, "auth", folder.resolve("libdds_security_auth.so"), "authentication");
    plugin(properties, "crypto", folder.resolve("libdds_security_crypto.so"), "crypto");
    plugin(properties, "access", folder.resolve("libdds_security_ac.so"), "access_control");
    return properties;
  }

  private static void plugin(
      Map<String, String> properties, String name, Path library, String function) {
    String prefix = "dds.sec." + name + ".library.";
    properties.put(prefix + "path", library.toString());
    properties.put(prefix + "init", "init_" + function);
    properties.put(prefix + "finalize", "finalize_" + function);
  }
}

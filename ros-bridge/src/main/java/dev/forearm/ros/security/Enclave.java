package dev.forearm.ros.security;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The security enclave that a program is in.
 *
 * @param name absolute, for example {@code /arm}; {@code /} where nobody says another
 * @param keys the folder of what it proves itself with and encrypts by, complete; empty: nothing is
 *     secured
 */
public record Enclave(String name, Optional<Path> keys) {
  /** What every program is in that nobody secures. */
  public static final String ROOT = "/";

  /** Nothing is secured. */
  public static final Enclave OPEN = new Enclave(ROOT, Optional.empty());

  private static final Logger LOG = LoggerFactory.getLogger(Enclave.class);
  private static final String ENABLE = "ROS_SECURITY_ENABLE";
  private static final String STRATEGY = "ROS_SECURITY_STRATEGY";
  private static final String KEYSTORE = "ROS_SECURITY_KEYSTORE";
  private static final String OVERRIDE = "ROS_SECURITY_ENCLAVE_OVERRIDE";

  public Enclave {
    requireName(name);
  }

  private static void requireName(String name) {
    if (!TopicNames.isNamespace(name)) {
      throw new RosFault(
          "enclave '%s' is not a ROS name; wanted / or /words_with_underscores".formatted(name));
    }
  }

  /**
   * Looks for its keys as this process's environment says, by the variables of SROS2. What is
   * misspelt there is refused and not taken for a no, as ROS 2 takes it.
   *
   * @param name as {@code --enclave} says it
   * @throws RosFault if the variables are not understood, or {@code ROS_SECURITY_STRATEGY} is
   *     {@code Enforce} and keys are missing; otherwise it is told that nothing is secured
   */
  public static Enclave ofEnvironment(String name) {
    return of(name, System.getenv());
  }

  static Enclave of(String name, Map<String, String> environment) {
    Enclave open = new Enclave(name, Optional.empty());
    boolean enabled = says(environment, ENABLE, "true", "false");
    boolean enforced = says(environment, STRATEGY, "Enforce", "Permissive");
    if (!enabled) {
      return open;
    }
    String keystore = environment.getOrDefault(KEYSTORE, "");
    String override = environment.getOrDefault(OVERRIDE, "");
    String wanted = override.isEmpty() ? name : override;
    requireName(wanted);
    Path folder = Path.of(keystore, "enclaves", wanted);
    String missing = keystore.isEmpty() ? KEYSTORE + " is not set" : missingIn(folder);
    if (missing.isEmpty()) {
      return new Enclave(name, Optional.of(folder.toAbsolutePath()));
    }
    String found =
        "securing enclave %s: %s; make it with 'ros2 security create_enclave', or correct %s or --enclave"
            .formatted(wanted, missing, KEYSTORE);
    if (enforced) {
      throw new RosFault("%s (%s is Enforce)".formatted(found, STRATEGY));
    }
    LOG.warn("{}. Until then nothing is secured: anybody can listen and command", found);
    return open;
  }

  private static boolean says(Map<String, String> environment, String key, String yes, String no) {
    String found = environment.getOrDefault(key, "");
    if (!List.of(yes, no, "").contains(found)) {
      throw new RosFault(
          "securing topics: %s is '%s', %s or %s wanted".formatted(key, found, yes, no));
    }
    return found.equals(yes);
  }

  private static String missingIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return "there is no folder " + folder;
    }
    List<String> files =
        Arrays.stream(EnclaveFile.values())
            .filter(file -> file.required() && !file.isIn(folder) && !file.isOnToken(folder))
            .map(EnclaveFile::fileName)
            .toList();
    return files.isEmpty() ? "" : "%s lacks %s".formatted(folder, files);
  }

  /** The files that there are; empty where nothing is secured. */
  public Map<EnclaveFile, Path> files() {
    Map<EnclaveFile, Path> files = new EnumMap<>(EnclaveFile.class);
    keys.ifPresent(folder -> {
      for (EnclaveFile file : EnclaveFile.values()) {
        if (file.isIn(folder)) {
          files.put(file, folder.resolve(file.fileName()));
        }
      }
    });
    return files;
  }
}

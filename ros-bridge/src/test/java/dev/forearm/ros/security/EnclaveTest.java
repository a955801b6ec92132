package dev.forearm.ros.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.LogWatch;
import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnclaveTest {
  @TempDir private Path keystore;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void enforced() {
    environment.put("ROS_SECURITY_ENABLE", "true");
    environment.put("ROS_SECURITY_STRATEGY", "Enforce");
    environment.put("ROS_SECURITY_KEYSTORE", keystore.toString());
  }

  private Path make(String enclave) throws IOException {
    Path folder = Files.createDirectories(Path.of(keystore.toString(), "enclaves", enclave));
    for (EnclaveFile file : EnclaveFile.values()) {
      if (file.required()) {
        Files.createFile(folder.resolve(file.fileName()));
      }
    }
    return folder;
  }

  private String refused(String name) {
    return assertThrows(RosFault.class, () -> Enclave.of(name, environment)).getMessage();
  }

  @Test
  void nothingIsSecuredUnlessTheEnvironmentSaysSo() {
    assertEquals(Enclave.OPEN, Enclave.of("/", Map.of()));
    environment.put("ROS_SECURITY_ENABLE", "false");
    assertEquals(new Enclave("/arm", Optional.empty()), Enclave.of("/arm", environment));
  }

  @Test
  void keysAreFoundByTheNameOfTheEnclaveOrTheOneInItsPlace() throws IOException {
    Path root = make("/");
    Path arm = make("/left/arm");
    assertEquals(new Enclave("/", Optional.of(root)), Enclave.of("/", environment));
    assertEquals(new Enclave("/left/arm", Optional.of(arm)), Enclave.of("/left/arm", environment));
    environment.put("ROS_SECURITY_ENCLAVE_OVERRIDE", "/left/arm");
    assertEquals(new Enclave("/", Optional.of(arm)), Enclave.of("/", environment));
  }

  @Test
  void theFilesAreThoseThatSros2MakesAndAListOfRevokedOnesIfThereIsOne() throws IOException {
    Path folder = make("/arm");
    Map<EnclaveFile, Path> files = Enclave.of("/arm", environment).files();
    assertEquals(folder.resolve("key.pem"), files.get(EnclaveFile.PRIVATE_KEY));
    assertEquals(6, files.size());
    Files.createFile(folder.resolve("crl.pem"));
    assertEquals(7, Enclave.of("/arm", environment).files().size());
  }

  @Test
  void whatIsMissingIsNamedWhereKeysAreEnforced() throws IOException {
    assertTrue(refused("/arm").contains("there is no folder " + keystore.resolve("enclaves/arm")));
    Path folder = make("/arm");
    Files.delete(folder.resolve("key.pem"));
    Files.delete(folder.resolve("permissions.p7s"));
    String message = refused("/arm");
    assertTrue(message.contains(folder + " lacks [key.pem, permissions.p7s]"), message);
    assertTrue(message.contains("ros2 security create_enclave"), message);
    environment.remove("ROS_SECURITY_KEYSTORE");
    assertTrue(refused("/arm").contains("ROS_SECURITY_KEYSTORE is not set"));
  }

  @Test
  void whereTheyAreNotItIsSaidThatNothingIsSecured() {
    List<String> warnings = new CopyOnWriteArrayList<>();
    environment.put("ROS_SECURITY_STRATEGY", "Permissive");
    try (LogWatch _ = new LogWatch(Enclave.class, warnings)) {
      assertEquals(new Enclave("/arm", Optional.empty()), Enclave.of("/arm", environment));
    }
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("anybody can listen and command"), warnings::toString);
  }

  @Test
  void whatIsMisspeltIsNoNo() {
    environment.put("ROS_SECURITY_STRATEGY", "enforce");
    assertTrue(refused("/").contains("ROS_SECURITY_STRATEGY is 'enforce', Enforce or Permissive"));
    environment.put("ROS_SECURITY_ENABLE", "TRUE");
    assertTrue(refused("/").contains("ROS_SECURITY_ENABLE is 'TRUE', true or false wanted"));
    assertTrue(refused("arm").contains("enclave 'arm' is not a ROS name"));
    assertTrue(refused("/../arm").contains("enclave '/../arm' is not a ROS name"));
  }

  @Test
  void keysOnATokenAreNotMissing() throws IOException {
    Path folder = make("/arm");
    Files.move(folder.resolve("key.pem"), folder.resolve("key.p11"));
    assertEquals(5, Enclave.of("/arm", environment).files().size());
  }
}

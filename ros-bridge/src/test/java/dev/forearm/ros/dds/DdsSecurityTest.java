package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.Ddsc;
import dev.forearm.ros.dds.ffi.DdscLibrary;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.security.Keystore;
import dev.forearm.ros.security.WordsProcess;
import dev.forearm.ros.transport.Carrier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By real keys, between processes: those of one process are all secured or none. */
class DdsSecurityTest {
  private static final int DOMAIN = FreeDomain.take();
  private static final String LONG = "x".repeat(1_000_000);

  @TempDir private static Path folder;
  private final CdrWriter writer = new CdrWriter(64);
  private static Keystore keystore;

  @BeforeAll
  static void needsALibraryThatSecures() throws Exception {
    Peers.requireCyclone();
    DdscLibrary library = Ddsc.load();
    if (library.securityFolder().isEmpty()) {
      Peers.missing(library.file() + " was built without DDS Security");
    }
    keystore = new Keystore(folder, DOMAIN);
  }

  private static CycloneTransport join(Enclave enclave) {
    return Peers.join(DdsOptions.loopback(DOMAIN).withEnclave(enclave));
  }

  @Test
  void thoseWithKeysTalkAndAnOutsiderHearsNothingAndIsNotHeard() throws Exception {
    keystore.enclave("/peer");
    Process peer = WordsProcess.start(DOMAIN, Carrier.DDS, "/peer", keystore.environment());
    Process outsider = WordsProcess.start(DOMAIN, Carrier.DDS, "/", Map.of());
    assertTrue(said(peer, "joined").findFirst().isPresent());
    assertTrue(said(outsider, "joined").findFirst().isPresent());
    Process another = WordsProcess.start(DOMAIN, Carrier.DDS, "/", Map.of(), "aloud");
    try (CycloneTransport secured = join(keystore.enclave("/test"))) {
      assertTrue(secured.description().contains("secured by " + folder), secured::description);
      BlockingQueue<String> answers = new LinkedBlockingQueue<>();
      Subscription heard =
          secured.subscribe(
              "/answers",
              Header.TYPE,
              Qos.DEFAULT,
              (cdr, _) -> answers.add(Header.decode(cdr).frameId()));
      Publication words = secured.advertise("/words", Header.TYPE, Qos.DEFAULT);
      Peers.await("the peer", () -> words.subscribers() == 1 && heard.publishers() == 1);
      for (String word : new String[] {"secret", LONG}) { // in fragments, and what encryption adds
        new Header(new Time(0, 0), word).encode(writer);
        words.publish(writer);
        assertEquals(word, Peers.poll(answers));
      }
      assertEquals("heard aloud", heardBy(outsider).findFirst().orElse("")); // so they do hear
      assertEquals("heard aloud", heardBy(another).findFirst().orElse(""));
      assertEquals(1, words.subscribers());
      assertEquals(1, heard.publishers());
      assertTrue(answers.isEmpty(), answers::toString);
    } finally {
      for (Process process : List.of(peer, outsider, another)) {
        process.getOutputStream().close();
      }
    }
    assertEquals(List.of("heard secret", "heard xxxxxxxxxx"), heardBy(peer).toList());
    assertEquals(List.of(), heardBy(outsider).toList());
    assertEquals(List.of(), heardBy(another).toList());
  }

  private static Stream<String> heardBy(Process process) {
    return said(process, "heard");
  }

  private static Stream<String> said(Process process, String what) {
    return process.inputReader().lines().filter(line -> line.startsWith(what));
  }

  @Test
  void aTopicThatTheEnclaveMayNotPublishIsRefused() throws Exception {
    try (CycloneTransport listener = join(keystore.enclave("/listener", "rt/status"))) {
      listener.advertise("/status", Header.TYPE, Qos.DEFAULT).close();
      RosFault fault =
          assertThrows(
              RosFault.class, () -> listener.advertise("/arm", JointState.TYPE, Qos.COMMAND));
      assertTrue(fault.getMessage().contains("publishing rt/arm"), fault::getMessage);
    }
  }

  @Test
  void keysForWhichNobodyVouchesAreRefusedAndNotThePorts(@TempDir Path other) throws Exception {
    Enclave enclave = keystore.enclave("/forged");
    Path keys = enclave.keys().orElseThrow();
    Path foreign = new Keystore(other, DOMAIN).enclave("/forged").keys().orElseThrow();
    for (String file : new String[] {"cert.pem", "key.pem"}) {
      Files.copy(foreign.resolve(file), keys.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    RosFault fault = assertThrows(RosFault.class, () -> join(enclave).close());
    assertTrue(fault.getMessage().contains(keys.toString()), fault::getMessage);
    assertFalse(fault.getMessage().contains("ports"), fault::getMessage);
  }

  @Test
  void aLibraryWithoutSecurityIsRefusedBeforeAnythingIsSent(@TempDir Path elsewhere)
      throws Exception {
    DdscLibrary without =
        new DdscLibrary(Files.createFile(elsewhere.resolve("libddsc.so.0.10.5")), "0.10.5");
    Enclave enclave = new Enclave("/arm", Optional.of(folder));
    RosFault fault = assertThrows(RosFault.class, () -> SecurityProperties.of(enclave, without));
    assertTrue(fault.getMessage().contains("was built without DDS Security"), fault::getMessage);
    assertEquals(Map.of(), SecurityProperties.of(Enclave.OPEN, without));
  }
}

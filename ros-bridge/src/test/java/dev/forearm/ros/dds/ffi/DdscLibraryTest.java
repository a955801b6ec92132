package dev.forearm.ros.dds.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DdscLibraryTest {
  @TempDir private Path folder;

  @BeforeEach
  void resolveTheFolder() throws IOException {
    folder = folder.toRealPath();
  }

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  private DdscLibrary find(Map<String, String> environment) {
    return DdscLibrary.find(environment, List.of(folder.resolve("system")));
  }

  private RosFault refused(Map<String, String> environment) {
    return assertThrows(RosFault.class, () -> find(environment));
  }

  @Test
  void theVersionIsThatOfTheFileBehindTheLinks() throws IOException {
    Path real = file("system/libddsc.so.0.10.2");
    Files.createSymbolicLink(folder.resolve("system/libddsc.so.0debian"), real);
    assertEquals(new DdscLibrary(real, "0.10.2"), find(Map.of()));
  }

  @Test
  void aSourcedRos2GoesBeforeTheDistribution() throws IOException {
    file("system/libddsc.so.0.10.2");
    Path ros = file("ros/lib/x86_64-linux-gnu/libddsc.so.0.10.5");
    assertEquals(
        new DdscLibrary(ros, "0.10.5"),
        find(Map.of("AMENT_PREFIX_PATH", folder.resolve("ros").toString())));
    assertEquals(
        new DdscLibrary(ros, "0.10.5"),
        find(Map.of("LD_LIBRARY_PATH", ":" + ros.getParent() + ":/nowhere")));
  }

  @Test
  void theChosenFileGoesBeforeEverything() throws IOException {
    file("system/libddsc.so.0.10.2");
    Path chosen = file("own/libddsc-ad12c33a.so.11.0.1");
    assertEquals(
        new DdscLibrary(chosen, "11.0.1"), find(Map.of("FOREARM_DDSC_LIB", chosen.toString())));
  }

  @Test
  void noLibraryIsAFaultThatSaysWhereItLookedAndWhatToDo() {
    String message = refused(Map.of("LD_LIBRARY_PATH", "/opt/x")).getMessage();
    assertTrue(message.contains("/opt/x") && message.contains("/system"), message);
    assertTrue(message.contains("apt install libddsc0debian"), message);
    assertTrue(message.contains("FOREARM_DDSC_LIB"), message);
  }

  @Test
  void aVersionOfUnknownStructuresIsRefusedByName() throws IOException {
    Path future = file("system/libddsc.so.12.0.0");
    Path past = file("system/libddsc.so.0.9.1");
    String message = refused(Map.of()).getMessage();
    assertTrue(message.contains(future.toString()) && message.contains(past.toString()), message);
    message = refused(Map.of("FOREARM_DDSC_LIB", future.toString())).getMessage();
    assertTrue(message.contains("0.10.x or 11.0.x wanted"), message);
  }

  @Test
  void aChosenFileThatIsMissingIsNotReplacedByAnother() throws IOException {
    file("system/libddsc.so.0.10.2");
    String message = refused(Map.of("FOREARM_DDSC_LIB", "/nowhere/libddsc.so")).getMessage();
    assertTrue(message.contains("/nowhere/libddsc.so, which is not a file"), message);
  }
}

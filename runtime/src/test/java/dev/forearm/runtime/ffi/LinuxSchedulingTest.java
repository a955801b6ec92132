package dev.forearm.runtime.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemoryLayout.PathElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxSchedulingTest {
  @BeforeEach
  void callsAreBound() {
    assertTrue(LinuxScheduling.available());
  }

  @Test
  void timespecIsTwoLongs() {
    assertEquals(16, LinuxScheduling.TIMESPEC.byteSize());
    assertEquals(0, LinuxScheduling.TIMESPEC.byteOffset(PathElement.groupElement("tv_sec")));
    assertEquals(8, LinuxScheduling.TIMESPEC.byteOffset(PathElement.groupElement("tv_nsec")));
  }

  @Test
  void schedParamIsOneInt() {
    assertEquals(4, LinuxScheduling.SCHED_PARAM.byteSize());
  }

  @Test
  void sleepEndsNoEarlierThanItsDeadlineOnTheJavaClock() {
    LinuxScheduling linux = new LinuxScheduling();
    for (int i = 0; i < 5; i++) {
      long deadline = System.nanoTime() + 2_000_000;
      linux.sleepUntil(deadline);
      assertTrue(System.nanoTime() >= deadline);
    }
  }

  @Test
  void deadlineInThePastDoesNotSleep() {
    new LinuxScheduling().sleepUntil(0); // would never return if it waited for nothing
  }

  @Test
  void everyThreadOfTheProcessMovesToTheProcessorsItIsGiven() throws IOException {
    Set<String> before = allowed();
    assertEquals(1, before.size(), "all threads alike at first: " + before);
    int[] mine = processors(before.iterator().next());
    try {
      assertTrue(LinuxScheduling.processStaysOn(mine[0]));
      assertEquals(Set.of("" + mine[0]), allowed());
    } finally {
      assertTrue(LinuxScheduling.processStaysOn(mine));
    }
    assertEquals(before, allowed());
  }

  @Test
  void everyThreadOfAProcessGivesWay() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Yielding.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String nices = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("[19]", nices.strip());
  }

  /** A process of its own, since nobody may take it back. */
  static final class Yielding {
    private Yielding() {}

    public static void main(String[] arguments) throws IOException {
      boolean done = LinuxScheduling.processGivesWay();
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        Set<String> nices = new TreeSet<>();
        for (Path task : tasks.toList()) {
          String stat = Files.readString(task.resolve("stat"));
          nices.add(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
        }
        System.out.println(done ? nices : "refused");
      }
    }
  }

  @Test
  void aProcessorThatIsNotThereIsRefused() {
    assertFalse(LinuxScheduling.processStaysOn(-1));
    assertFalse(LinuxScheduling.processStaysOn(1 << 20));
  }

  /** The lists of processors that threads of this process may run on. */
  private static Set<String> allowed() throws IOException {
    Set<String> lists = new HashSet<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        lists.addAll(allowed(task));
      }
    }
    return lists;
  }

  private static List<String> allowed(Path task) throws IOException {
    try {
      return Files.readAllLines(task.resolve("status")).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .toList();
    } catch (IOException e) {
      if (Files.exists(task)) {
        throw e;
      }
      return List.of(); // the thread has ended meanwhile
    }
  }

  /** The numbers in a list such as {@code 0-2,5}. */
  private static int[] processors(String list) {
    return Stream.of(list.split(",", -1))
        .flatMapToInt(range -> {
          String[] ends = range.split("-", 2);
          int last = Integer.parseInt(ends[ends.length - 1]);
          return IntStream.rangeClosed(Integer.parseInt(ends[0]), last);
        })
        .toArray();
  }

  @Test
  void threadCanAlwaysAskToBeWokenPromptly() {
    assertTrue(LinuxScheduling.wakePromptly());
  }
}

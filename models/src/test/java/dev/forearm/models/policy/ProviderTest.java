package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.FakeCuda;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies where they are asked to compute, on a library that stands in for CUDA's. */
final class ProviderTest {
  private static final ProviderChoice CUDA = new ProviderChoice.Cuda(1, 1 << 20);
  private static final ProviderChoice AUTO = ProviderChoice.parse("auto", 1 << 20);

  /** Enough that no busy machine turns it round. */
  private static final int SLOW_MICROS = 30_000;

  @TempDir Path folder;
  private Path bundle = Path.of("");

  @BeforeEach
  void copyTheBundle() throws IOException {
    bundle = SmallBundle.copy(Files.createDirectory(folder.resolve("bundle")));
  }

  @Test
  void onCudaAPlanIsTheCpusAndTouchesTheDeviceByCopiesAlone() {
    FakeCuda fake = FakeCuda.in(folder, Map.of());
    try (BundlePolicy there = load(fake, CUDA);
        BundlePolicy here = BundlePolicy.load(bundle, SmallBundle.robot())) {
      assertEquals(
          List.of("cuda:1 by a CUDA graph", "cuda:1 by a CUDA graph"),
          there.placements().stream().map(Placement::where).toList());
      Plan wanted = new Plan(here.spec());
      Plan found = new Plan(there.spec());
      for (int i = 0; i < 3; i++) {
        Observation seen = new Observation(8);
        seen.values()[i] = 0.3f;
        here.plan(seen, wanted);
        there.plan(seen, found);
        assertArrayEquals(wanted.imagined(), found.imagined());
        assertArrayEquals(wanted.actions(), found.actions());
      }
      Set<String> bound =
          fake.calls().stream()
              .filter(line -> line.startsWith("input ") || line.startsWith("output "))
              .map(line -> line.substring(line.lastIndexOf(' ') + 1))
              .collect(Collectors.toSet());
      assertEquals(Set.of("device"), bound);
      assertTrue(fake.calls().contains("register libonnxruntime_providers_cuda.so"));
      assertTrue(fake.calls().contains("option device_id=1"));
      assertTrue(fake.calls().contains("option gpu_mem_limit=" + (1 << 20)));
      assertTrue(fake.calls().stream().anyMatch(line -> line.startsWith("pinned ")));
    }
    List<String> calls = fake.calls();
    assertEquals(
        count(calls, "pinned ") + count(calls, "device "), count(calls, "free"), "all given back");
    assertEquals(count(calls, "session on"), count(calls, "session closed"));
  }

  @Test
  void aPlanOnCudaAllocatesNothing() {
    FakeCuda fake = FakeCuda.in(folder, Map.of());
    try (BundlePolicy policy = load(fake, CUDA)) {
      Observation seen = new Observation(8);
      Plan plan = new Plan(policy.spec());
      for (int i = 0; i < 4_000; i++) {
        policy.plan(seen, plan);
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        policy.plan(seen, plan);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(bytes < 10_000, "allocated " + bytes + " bytes in 1,000 plans");
    }
  }

  @Test
  void aGraphThatCannotBeRecordedRunsKernelByKernel() {
    FakeCuda fake =
        FakeCuda.in(
            folder, Map.of("FAIL_GRAPH", "This session cannot use the graph capture feature"));
    try (BundlePolicy policy = load(fake, CUDA)) {
      Placement placement = policy.placements().getFirst();
      assertEquals("cuda:1", placement.where());
      assertTrue(placement.why().contains("cannot use the graph capture"), placement.why());
    }
  }

  @ParameterizedTest
  @CsvSource({"0,CPU", "1,CUDA"})
  void theRaceIsWonByTheFaster(int cpuIsSlow, Provider winner) {
    FakeCuda fake =
        FakeCuda.in(
            folder, Map.of(cpuIsSlow == 1 ? "CPU_MICROS" : "CUDA_MICROS", (Object) SLOW_MICROS));
    try (BundlePolicy policy = load(fake, AUTO)) {
      for (Placement placement : policy.placements()) {
        assertEquals(winner, placement.provider());
        assertTrue(placement.why().matches(".* ms on the cpu, .* ms on cuda:0"), placement.why());
      }
      assertEquals(
          winner == Provider.CPU ? 0 : 2,
          count(fake.calls(), "session on") - count(fake.calls(), "session closed"));
    }
  }

  @Test
  void aGpuThatComputesSomethingElseLosesTheRaceAndIsRefusedByItself() {
    FakeCuda fake = FakeCuda.in(folder, Map.of("OFFSET", 0.01, "CPU_MICROS", SLOW_MICROS));
    try (BundlePolicy policy = load(fake, AUTO)) {
      assertEquals(Provider.CPU, policy.placements().getFirst().provider());
      assertEquals("cuda:0 computes something else", policy.placements().getFirst().why());
    }
    String message = Refusal.of(() -> load(fake, CUDA));
    assertTrue(message.contains("on the bundle's probe"), message);
  }

  /**
   * The messages are ONNX Runtime 1.29's own, met where something was missing or from its sources.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAIL_OPTIONS | Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory | found no libcublasLt.so.12, wanted the CUDA libraries
          FAIL_OPTIONS | Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcuda.so.1: cannot open shared object file: No such file or directory | found no libcuda.so.1, wanted an NVIDIA driver
          FAIL_OPTIONS | provider_options_utils.h:187 Parse Failed to parse provider option device_id: CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=vm | found no NVIDIA driver, or one too old
          FAIL_SESSION | cuDNN is not available. Install cuDNN, update the system library search path | found no libcudnn.so, wanted cuDNN
          FAIL_SESSION | CUDA failure 100: no CUDA-capable device is detected ; GPU=0 | found no GPU (no CUDA-capable device is detected)
          FAIL_SESSION | Available memory of 10 is smaller than requested bytes of 20 | allow more with --cuda-memory
          FAIL_SESSION | CUDA failure 719: unspecified launch failure ; GPU=0 | CUDA failed (unspecified launch failure, code 719)
          FAIL_PINNED | CUDA failure 2: out of memory ; GPU=0 | found too little GPU memory (out of memory)
          """)
  void whatIsMissingIsOneSentenceAndAutoFallsBackToTheCpu(
      String point, String said, String wanted) {
    FakeCuda fake = FakeCuda.in(folder, Map.of(point, said));
    String message = Refusal.of(() -> load(fake, CUDA));
    assertTrue(message.contains(wanted), message);
    assertTrue(message.endsWith("or choose the CPU"), message);
    assertFalse(message.contains("\n"), message);
    try (BundlePolicy policy = load(fake, AUTO)) {
      assertEquals(Provider.CPU, policy.placements().getLast().provider());
      assertTrue(policy.placements().getLast().why().contains(wanted));
    }
    List<String> calls = fake.calls();
    assertEquals(count(calls, "pinned ") + count(calls, "device "), count(calls, "free"));
  }

  @Test
  void aGraphThatNeedsMoreThanItsArenaIsRefused() {
    FakeCuda fake = FakeCuda.in(folder, Map.of());
    String message = Refusal.of(() -> load(fake, new ProviderChoice.Cuda(0, 8)));
    assertTrue(message.contains("does not fit into the memory"), message);
    assertTrue(message.contains("--cuda-memory"), message);
  }

  @Test
  void withoutCudaInTheLibraryAutoIsTheCpuAndSaysWhy() {
    try (BundlePolicy policy =
        BundlePolicy.load(bundle, SmallBundle.robot(), RobotHashes.none(), Trust.anyone(), AUTO)) {
      Placement placement = policy.placements().getFirst();
      assertEquals(Provider.CPU, placement.provider());
      assertTrue(placement.why().contains("onnxruntime_gpu"), placement.why());
    }
  }

  @Test
  void aProviderIsReadAsItIsWritten() {
    for (String text : List.of("auto", "cpu", "cuda:0", "cuda:3")) {
      assertEquals(text, ProviderChoice.parse(text, 1).toString());
    }
    assertEquals("cuda:0", ProviderChoice.parse("cuda", 1).toString());
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> ProviderChoice.parse("gpu", 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains("cuda:DEVICE"));
  }

  private BundlePolicy load(FakeCuda fake, ProviderChoice choice) {
    return BundlePolicy.load(
        bundle, SmallBundle.robot(), RobotHashes.none(), Trust.anyone(), choice, fake.runtime());
  }

  private static long count(List<String> calls, String beginning) {
    return calls.stream().filter(line -> line.startsWith(beginning)).count();
  }
}

package dev.forearm.models.ort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.onnx.proto.Onnx.TensorShapeProto;
import dev.forearm.models.onnx.proto.Onnx.TypeProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InferenceSessionTest {
  private static final OrtRuntime ORT = OrtRuntime.shared();

  @TempDir Path folder;

  @Test
  void theLibraryComesFromTheClassPathAndKnowsTheCpu() {
    assertTrue(ORT.version().startsWith("1.29"), ORT.version());
    assertTrue(ORT.availableProviders().contains("CPUExecutionProvider"));
  }

  @Test
  void aGraphSaysItsInputsAndOutputs() {
    try (InferenceSession session = open("affine")) {
      assertEquals("x: FLOAT32 [batch, 3]", session.input("x").toString());
      assertEquals("y: FLOAT32 [batch, 2]", session.output("y").toString());
    }
  }

  @Test
  void aBoundRunComputesIntoTheBoundMemory() {
    try (InferenceSession session = open("affine");
        Tensor x = ORT.allocate(ElementType.FLOAT32, 2, 3);
        Tensor y = ORT.allocate(ElementType.FLOAT32, 2, 2);
        Binding binding = session.bind().input("x", x).output("y", y)) {
      x.copyFrom(new float[] {1, 0, 0, 1, 1, 1});
      binding.run();
      float[] out = new float[4];
      y.copyTo(out);
      assertArrayEquals(new float[] {1.5f, 1.5f, 9.5f, 11.5f}, out);
    }
  }

  /** Each would otherwise read memory that is somebody else's by then. */
  @Test
  void whatWasClosedIsRefusedAtTheNextRun() {
    InferenceSession session = open("affine");
    Tensor x = ORT.allocate(ElementType.FLOAT32, 2, 3);
    Tensor y = ORT.allocate(ElementType.FLOAT32, 2, 2);
    Binding binding = session.bind().input("x", x).output("y", y);
    Binding other = session.bind().input("x", x).output("y", y);
    binding.run();
    binding.close();
    assertThrows(IllegalStateException.class, binding::run);
    x.close();
    assertThrows(IllegalStateException.class, other::run);
    other.clear();
    other.close();
    session.close();
    assertThrows(IllegalStateException.class, session::bind);
    y.close();
  }

  @Test
  void aBoundRunAllocatesNothing() {
    try (InferenceSession session = open("affine");
        Tensor x = ORT.allocate(ElementType.FLOAT32, 1, 3);
        Tensor y = ORT.allocate(ElementType.FLOAT32, 1, 2);
        Binding binding = session.bind().input("x", x).output("y", y)) {
      float[] in = {1, 2, 3};
      float[] out = new float[2];
      for (int i = 0; i < 20_000; i++) {
        cycle(binding, x, y, in, out);
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        cycle(binding, x, y, in, out);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(bytes < 10_000, "allocated " + bytes + " bytes in 10,000 runs");
    }
  }

  private static void cycle(Binding binding, Tensor x, Tensor y, float[] in, float[] out) {
    x.copyFrom(in);
    binding.run();
    y.copyTo(out);
  }

  /** A graph over text, whose inputs cannot be described, with 16 MiB of weights inside. */
  @Test
  void aSessionThatCannotBeDescribedGivesItsMemoryBack() throws IOException {
    byte[] graph = overText();
    long before = 0;
    for (int i = 0; i < 40; i++) {
      String message = Refusal.of(() -> ORT.open("text", graph, new SessionOptions()).close());
      assertTrue(message.contains("tensor 's'"), message);
      before = i == 9 ? residentMib() : before;
    }
    long grown = residentMib() - before;
    assertTrue(grown < 150, "30 refused graphs of 16 MiB left " + grown + " MiB");
  }

  private static byte[] overText() {
    TypeProto text =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder()
                    .setElemType(TensorProto.DataType.STRING_VALUE)
                    .setShape(TensorShapeProto.getDefaultInstance()))
            .build();
    int count = 1 << 22;
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("text")
                .addInput(ValueInfoProto.newBuilder().setName("s").setType(text))
                .addOutput(ValueInfoProto.newBuilder().setName("t").setType(text))
                .addInitializer(
                    TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addDims(count)
                        .setRawData(ByteString.copyFrom(new byte[4 * count])))
                .addNode(NodeProto.newBuilder().setOpType("Identity").addInput("s").addOutput("t"))
                .addNode(NodeProto.newBuilder().setOpType("Relu").addInput("w").addOutput("v"))
                .addOutput(
                    ValueInfoProto.newBuilder()
                        .setName("v")
                        .setType(
                            TypeProto.newBuilder()
                                .setTensorType(
                                    TypeProto.Tensor.newBuilder()
                                        .setElemType(TensorProto.DataType.FLOAT_VALUE)))))
        .build()
        .toByteArray();
  }

  private static long residentMib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void weightsGivenByNameReplaceTheGraphsOwn() {
    try (Tensor w = ORT.allocate(ElementType.FLOAT32, 3, 2);
        Tensor b = ORT.allocate(ElementType.FLOAT32, 2);
        Tensor x = ORT.allocate(ElementType.FLOAT32, 1, 3)) {
      b.copyFrom(new float[] {7, 8});
      var options = new SessionOptions().initializers(Map.of("w", w, "b", b));
      try (InferenceSession session = ORT.open("affine", bytes("affine"), options);
          Tensor y = Objects.requireNonNull(session.run(Map.of("x", x)).get("y"))) {
        assertEquals(7, y.getFloat(0));
        assertEquals(8, y.getFloat(1));
      }
    }
  }

  @Test
  void twoBindingsPassWeightsToAndFro() {
    try (InferenceSession session = open("step");
        Tensor a = ORT.allocate(ElementType.FLOAT32, 4);
        Tensor b = ORT.allocate(ElementType.FLOAT32, 4);
        Tensor g = ORT.allocate(ElementType.FLOAT32, 4);
        Tensor rate = ORT.allocate(ElementType.FLOAT32);
        Tensor loss = ORT.allocate(ElementType.FLOAT32);
        Binding there = stepBinding(session, a, b, g, rate, loss);
        Binding back = stepBinding(session, b, a, g, rate, loss)) {
      g.copyFrom(new float[] {1, 2, 3, 4});
      rate.setFloat(0, 0.5f);
      there.run();
      back.run();
      float[] w = new float[4];
      a.copyTo(w);
      assertArrayEquals(new float[] {-1, -2, -3, -4}, w);
      assertEquals(30, loss.getFloat(0));
    }
  }

  private static Binding stepBinding(
      InferenceSession session, Tensor from, Tensor to, Tensor g, Tensor rate, Tensor loss) {
    return session
        .bind()
        .input("w_in", from)
        .input("g", g)
        .input("rate", rate)
        .output("w_out", to)
        .output("loss", loss);
  }

  @Test
  void anOutputWhoseShapeDependsOnDataIsAllocatedByTheRun() {
    try (InferenceSession session = open("positive");
        Tensor x = ORT.allocate(ElementType.FLOAT32, 4)) {
      x.copyFrom(new float[] {-1, 2, -3, 4});
      try (Tensor indices = Objects.requireNonNull(session.run(Map.of("x", x)).get("indices"))) {
        assertEquals(List.of(1L, 2L), indices.shape());
        assertEquals(1, indices.memory().get(ValueLayout.JAVA_LONG, 0));
        assertEquals(3, indices.memory().get(ValueLayout.JAVA_LONG, 8));
      }
    }
  }

  @Test
  void aWrongShapeIsRefusedWithFoundAndWanted() {
    try (InferenceSession session = open("affine");
        Tensor x = ORT.allocate(ElementType.FLOAT32, 1, 4);
        Binding binding = session.bind()) {
      String message = Refusal.of(() -> binding.input("x", x));
      assertTrue(message.contains("found FLOAT32 [1, 4]"), message);
      assertTrue(message.contains("wanted x: FLOAT32 [batch, 3]"), message);
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    try (InferenceSession session = open("affine")) {
      String message = Refusal.of(() -> session.input("z"));
      assertTrue(message.contains("found inputs [x], wanted one named 'z'"), message);
    }
  }

  @Test
  void anUnboundInputFailsTheRunByName() {
    try (InferenceSession session = open("affine");
        Tensor y = ORT.allocate(ElementType.FLOAT32, 1, 2);
        Binding binding = session.bind().output("y", y)) {
      String message = Refusal.of(binding::run);
      assertTrue(message.startsWith("run affine:"), message);
      assertTrue(message.contains("x"), message);
    }
  }

  @Test
  void aMissingFileAndADamagedGraphAreRefused() throws IOException {
    Path missing = folder.resolve("none.onnx");
    String message = Refusal.of(() -> ORT.open(missing, new SessionOptions()));
    assertTrue(message.contains("found no file " + missing), message);
    Path damaged = folder.resolve("damaged.onnx");
    Files.write(damaged, Arrays.copyOf(bytes("affine"), 40));
    message = Refusal.of(() -> ORT.open(damaged, new SessionOptions()));
    assertTrue(message.startsWith("open graph " + damaged), message);
  }

  @Test
  void cudaWithoutACudaLibrarySaysWhatToInstall() {
    assumeFalse(ORT.availableProviders().contains("CUDAExecutionProvider"));
    String message =
        Refusal.of(() -> ORT.open("affine", bytes("affine"), new SessionOptions().cuda(0, 0)));
    assertTrue(message.contains("onnxruntime_gpu"), message);
    assertTrue(message.contains("FOREARM_ORT_LIB"), message);
  }

  @Test
  void aLibraryThatIsMissingOrNoOrtIsRefused() throws IOException {
    Path none = folder.resolve("libonnxruntime.so");
    String message = Refusal.of(() -> OrtRuntime.load(none));
    assertTrue(message.contains("found no file " + none), message);
    Files.write(none, new byte[] {1, 2, 3});
    message = Refusal.of(() -> OrtRuntime.load(none));
    assertTrue(message.contains(none.toString()), message);
  }

  @Test
  void theCacheFolderReceivesTheLibraryOnce() throws IOException {
    Path found = OrtLibraryFile.find(Map.of("FOREARM_CACHE", folder.toString()));
    assertTrue(found.startsWith(folder), found.toString());
    var written = Files.getLastModifiedTime(found);
    assertEquals(found, OrtLibraryFile.find(Map.of("FOREARM_CACHE", folder.toString())));
    assertEquals(written, Files.getLastModifiedTime(found));
  }

  private static InferenceSession open(String graph) {
    return ORT.open(graph, bytes(graph), new SessionOptions());
  }

  private static byte[] bytes(String graph) {
    try (InputStream in =
        Objects.requireNonNull(
            InferenceSessionTest.class.getResourceAsStream("/graphs/" + graph + ".onnx"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

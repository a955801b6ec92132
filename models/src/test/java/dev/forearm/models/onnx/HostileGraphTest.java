package dev.forearm.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.Refusal;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.build.TypeTable;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.FunctionProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.StringStringEntryProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostileGraphTest {
  @TempDir Path folder;

  private static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(20))
        .setGraph(graph);
  }

  private static NodeProto node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .setName("n_" + output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static ValueInfoProto value(String name) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    return value.build();
  }

  private static GraphProto.Builder identity() {
    return GraphProto.newBuilder()
        .addInput(value("x"))
        .addOutput(value("y"))
        .addNode(node("Identity", "y", "x"));
  }

  private Graph read(ModelProto.Builder model) {
    return OnnxReader.read(folder.resolve("g.onnx"), ByteBuffer.wrap(model.build().toByteArray()));
  }

  private String refusal(ModelProto.Builder model) {
    return Refusal.of(() -> read(model));
  }

  @Test
  void truncatedProtobufIsRefusedWithTheFile() {
    byte[] whole = model(identity()).build().toByteArray();
    for (int length = 1; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();
      String message = Refusal.of(() -> OnnxReader.read(folder.resolve("g.onnx"), cut));
      assertTrue(message.contains("g.onnx"), message);
    }
  }

  @Test
  void cycleIsRefusedWithItsNode() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x"))
            .addOutput(value("b"))
            .addNode(node("Add", "a", "x", "b"))
            .addNode(node("Relu", "b", "a"));
    String message = refusal(model(graph));
    assertTrue(message.contains("cycle") && message.contains("n_"), message);
  }

  @Test
  void unsortedNodesAreSorted() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x"))
            .addOutput(value("b"))
            .addNode(node("Relu", "b", "a"))
            .addNode(node("Neg", "a", "x"));
    assertEquals("Neg", read(model(graph)).nodes().getFirst().op());
  }

  @Test
  void valueDefinedTwiceIsRefusedByName() {
    String message = refusal(model(identity().addNode(node("Relu", "y", "x"))));
    assertTrue(message.contains("'y' is defined twice"), message);
  }

  @Test
  void valueThatNothingDefinesIsRefusedByName() {
    String message = refusal(model(identity().addNode(node("Relu", "z", "ghost"))));
    assertTrue(message.contains("'ghost'"), message);
  }

  @Test
  void mixedElementTypesAreRefusedWithNodeAndTensors() {
    TensorProto whole =
        TensorProto.newBuilder().setName("k").setDataType(7).addInt64Data(1).build();
    GraphProto.Builder graph =
        identity().addInitializer(whole).addNode(node("MatMul", "z", "x", "k"));
    Graph read = read(model(graph));
    String message = Refusal.of(() -> new TypeTable(read));
    assertTrue(message.contains("MatMul") && message.contains("'k'"), message);
  }

  @Test
  void absurdShapesAreRefusedWithoutAllocating() {
    for (long[] dims : new long[][] {{1L << 62, 1L << 62}, {-1}, {1L << 40}}) {
      TensorProto.Builder tensor =
          TensorProto.newBuilder().setName("w").setDataType(1).setRawData(ByteString.EMPTY);
      for (long dim : dims) {
        tensor.addDims(dim);
      }
      String message = refusal(model(identity().addInitializer(tensor)));
      assertTrue(message.contains("'w'"), message);
    }
  }

  @Test
  void dataThatDoesNotFillTheShapeIsRefused() {
    TensorProto tensor =
        TensorProto.newBuilder().setName("w").setDataType(1).addDims(3).addFloatData(1).build();
    String message = refusal(model(identity().addInitializer(tensor)));
    assertTrue(message.contains("'w'") && message.contains("1 values"), message);
  }

  @Test
  void externalDataOutsideTheFolderIsRefused() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[4]);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("link"), secret);
    for (String location : List.of("../secret", secret.toString(), "link", "", "nowhere")) {
      TensorProto.Builder tensor =
          TensorProto.newBuilder()
              .setName("w")
              .setDataType(1)
              .addDims(1)
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(
                  StringStringEntryProto.newBuilder().setKey("location").setValue(location));
      byte[] bytes = model(identity().addInitializer(tensor)).build().toByteArray();
      String message =
          Refusal.of(() -> OnnxReader.read(inner.resolve("g.onnx"), ByteBuffer.wrap(bytes)));
      assertTrue(
          message.contains("'w'") && message.contains("external"), location + ": " + message);
    }
  }

  @Test
  void externalDataBesideTheGraphIsMapped() throws IOException {
    Files.write(folder.resolve("weights.bin"), new byte[] {9, 9, 0, 0, (byte) 0x80, 0x3f});
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    Map.of("location", "weights.bin", "offset", "2", "length", "4")
        .forEach((key, text) ->
            tensor.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    Graph graph = read(model(identity().addInitializer(tensor)));
    HostTensor weight = Objects.requireNonNull(graph.initializers().get("w"));
    assertEquals(ElementType.FLOAT32, weight.type());
    assertEquals(1.0, weight.at(0));
  }

  @Test
  void functionThatCallsItselfIsRefused() {
    FunctionProto function =
        FunctionProto.newBuilder()
            .setName("F")
            .setDomain("local")
            .addInput("a")
            .addOutput("b")
            .addNode(node("F", "b", "a").toBuilder().setDomain("local"))
            .build();
    GraphProto.Builder graph =
        identity().addNode(node("F", "z", "x").toBuilder().setDomain("local"));
    String message = refusal(model(graph).addFunctions(function));
    assertTrue(message.contains("calls itself"), message);
  }

  @Test
  void functionsThatMultiplyWithoutEndAreRefused() {
    ModelProto.Builder model =
        model(identity().addNode(node("F0", "z", "x").toBuilder().setDomain("local")));
    for (int level = 0; level < 30; level++) {
      FunctionProto.Builder function =
          FunctionProto.newBuilder()
              .setName("F" + level)
              .setDomain("local")
              .addInput("a")
              .addOutput("b9");
      for (int i = 0; i < 10; i++) {
        function.addNode(node("F" + (level + 1), "b" + i, "a").toBuilder().setDomain("local"));
      }
      model.addFunctions(function);
    }
    String message = refusal(model);
    assertTrue(message.contains("nodes once functions are inlined"), message);
  }

  @Test
  void stopGradientSurvivesReadingAndWriting() {
    FunctionProto function =
        FunctionProto.newBuilder()
            .setName("StopGradient")
            .setDomain("wall")
            .addInput("a")
            .addOutput("b")
            .addNode(node("Identity", "b", "a"))
            .build();
    GraphProto.Builder graph =
        identity().addNode(node("StopGradient", "z", "x").toBuilder().setDomain("wall"));
    ModelProto.Builder model =
        model(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("wall").setVersion(1))
            .addFunctions(function);
    Graph once = read(model);
    Graph twice =
        OnnxReader.read(folder.resolve("g.onnx"), ByteBuffer.wrap(OnnxWriter.bytes(once)));
    assertEquals(GraphPrinter.print(once), GraphPrinter.print(twice));
    assertTrue(GraphPrinter.operators(twice).containsKey("wall::StopGradient"));
  }

  @Test
  void oneDomainInTwoVersionsIsRefused() {
    String message =
        refusal(model(identity()).addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(19)));
    assertTrue(message.contains("versions 20 and 19"), message);
  }

  @Test
  void functionOfAnOlderOpsetIsBroughtUp() {
    AttributeProto axes =
        AttributeProto.newBuilder()
            .setName("axes")
            .setType(AttributeProto.AttributeType.INTS)
            .addInts(1)
            .build();
    FunctionProto.Builder function =
        function("F", node("ReduceMean", "b", "a").toBuilder().addAttribute(axes));
    Graph graph = read(calling("F", function.addOpsetImport(opset(13))));
    assertEquals(20, graph.opset());
    assertEquals(2, graph.nodes().getLast().inputs().size(), "axes are an input from opset 18 on");
  }

  @Test
  void functionOfANewerOpsetRaisesTheGraphs() {
    FunctionProto.Builder function =
        function("F", node("Gelu", "b", "a").toBuilder()).addOpsetImport(opset(22));
    assertEquals(22, read(calling("F", function)).opset());
  }

  @Test
  void anOperatorKeepsTheDefaultsOfItsOpset() {
    FunctionProto.Builder sampled =
        function("F", node("RoiAlign", "b", "a", "a", "a").toBuilder()).addOpsetImport(opset(13));
    Node roi = read(calling("F", sampled)).nodes().getLast();
    assertEquals("output_half_pixel", roi.text("coordinate_transformation_mode", "half_pixel"));
    FunctionProto.Builder moved =
        function("F", node("GridSample", "b", "a", "a").toBuilder()).addOpsetImport(opset(16));
    assertEquals("linear", read(calling("F", moved)).nodes().getLast().text("mode", ""));
    FunctionProto.Builder transformed =
        function("F", node("DFT", "b", "a").toBuilder()).addOpsetImport(opset(17));
    Graph graph = read(calling("F", transformed));
    Node dft = graph.nodes().getLast();
    assertEquals(1, Objects.requireNonNull(graph.initializers().get(dft.input(2))).at(0));
  }

  @Test
  void batchNormalizationThatTrainsIsRefused() {
    NodeProto.Builder trains = node("BatchNormalization", "b", "a", "a", "a", "a", "a").toBuilder();
    FunctionProto.Builder function =
        function("F", trains.addOutput("mean").addOutput("var")).addOpsetImport(opset(13));
    String message = refusal(calling("F", function));
    assertTrue(message.contains("is in training mode"), message);
  }

  @Test
  void groupNormalizationOfTwoMeaningsIsRefused() {
    FunctionProto.Builder function =
        function("F", node("GroupNormalization", "b", "a", "a", "a").toBuilder())
            .addOpsetImport(opset(18));
    ModelProto.Builder model = calling("F", function);
    model.setOpsetImport(0, opset(21));
    String message = refusal(model);
    assertTrue(message.contains("GroupNormalization of opset 18"), message);
  }

  @Test
  void callWithMoreInputsThanTheFunctionHasIsRefused() {
    ModelProto.Builder model = calling("F", function("F", node("Relu", "b", "a").toBuilder()));
    model.getGraphBuilder().getNodeBuilder(1).addInput("x");
    String message = refusal(model);
    assertTrue(message.contains("found 2 inputs") && message.contains("local::F"), message);
  }

  @Test
  void functionInAFunctionsLongNamesDoNotMultiply() {
    String name = "n".repeat(400);
    ModelProto.Builder model = calling("F0", function("F0", call("F1", name)));
    for (int level = 1; level < 40; level++) {
      NodeProto.Builder inner =
          level == 39 ? node("Relu", "b", "a").toBuilder() : call("F" + (level + 1), name);
      model.addFunctions(function("F" + level, inner));
    }
    assertTrue(read(model).nodes().getLast().name().length() <= 1024);
  }

  @Test
  void stopGradientInABodySurvivesReadingAndWriting() {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .setName("body")
            .addOutput(value("t"))
            .addNode(node("StopGradient", "t", "x").toBuilder().setDomain("wall"));
    AttributeProto branch =
        AttributeProto.newBuilder()
            .setName("then_branch")
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(body)
            .build();
    GraphProto.Builder graph =
        identity().addNode(node("If", "z", "x").toBuilder().addAttribute(branch));
    byte[] written = OnnxWriter.bytes(read(model(graph)));
    Graph again = OnnxReader.read(folder.resolve("g.onnx"), ByteBuffer.wrap(written));
    assertEquals(3, again.nodesAndBodies().count());
  }

  @Test
  void absurdRankIsRefusedByName() {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName("w").setDataType(1).addFloatData(1);
    for (int i = 0; i < 65; i++) {
      tensor.addDims(1);
    }
    String message = refusal(model(identity().addInitializer(tensor)));
    assertTrue(message.contains("'w'") && message.contains("65 axes"), message);
  }

  @Test
  void shapesThatMultiplyToAbsurditiesAreRefusedWithTheirNode() {
    TensorProto.Builder repeats = TensorProto.newBuilder().setName("r").setDataType(7).addDims(2);
    repeats.addInt64Data(1L << 40).addInt64Data(1L << 40);
    TensorProto ones =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(1)
            .addDims(1)
            .addFloatData(1)
            .build();
    GraphProto.Builder graph =
        identity()
            .addInitializer(repeats)
            .addInitializer(ones)
            .addNode(node("Tile", "z", "w", "r"));
    Graph read = read(model(graph));
    String message = Refusal.of(() -> new TypeTable(read));
    assertTrue(message.contains("Tile") && message.contains("'z'"), message);
  }

  @Test
  void inputsUnderReservedNamesAreRefusedByName() {
    for (String name : List.of("loss", "grad.x")) {
      ValueInfoProto.Builder x = value("x").toBuilder();
      x.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().addDimBuilder().setDimValue(2);
      GraphProto.Builder named = identity().setInput(0, x.build()).addInput(value(name));
      Graph graph = read(model(named));
      String message =
          Refusal.of(
              () -> TrainableGraph.derive(graph, b -> b.average("y"), List.of(), List.of("x")));
      assertTrue(message.contains("'" + name + "'") && message.contains("g.onnx"), message);
    }
  }

  private static OperatorSetIdProto opset(int version) {
    return OperatorSetIdProto.newBuilder().setVersion(version).build();
  }

  private static FunctionProto.Builder function(String name, NodeProto.Builder body) {
    return FunctionProto.newBuilder()
        .setName(name)
        .setDomain("local")
        .addInput("a")
        .addOutput("b")
        .addNode(body);
  }

  private static NodeProto.Builder call(String function, String name) {
    return node(function, "b", "a").toBuilder().setDomain("local").setName(name);
  }

  private static ModelProto.Builder calling(String name, FunctionProto.Builder function) {
    NodeProto.Builder call = node(name, "z", "x").toBuilder().setDomain("local");
    return model(identity().addNode(call)).addFunctions(function);
  }

  /** Seed 7: flips bytes of a valid file; nothing but a refusal or a graph may come out. */
  @Test
  void flippedBytesEndInAGraphOrARefusalSeed7() {
    byte[] valid =
        model(
                identity()
                    .addInitializer(
                        TensorProto.newBuilder()
                            .setName("w")
                            .setDataType(1)
                            .addDims(2)
                            .addFloatData(1)
                            .addFloatData(2))
                    .addNode(node("Mul", "z", "x", "w"))
                    .addNode(node("Reshape", "q", "z", "w")))
            .build()
            .toByteArray();
    Random random = new Random(7);
    int graphs = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Graph graph = OnnxReader.read(folder.resolve("g.onnx"), ByteBuffer.wrap(bytes));
        TypeTable table = new TypeTable(graph);
        graphs += table.find("absent") == null ? 1 : 0;
      } catch (ModelsFault fault) {
        assertTrue(String.valueOf(fault.getMessage()).contains("g.onnx"), fault.getMessage());
      }
    }
    assertTrue(graphs > 100, graphs + " graphs");
  }
}

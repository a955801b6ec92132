"""Makes the seeds that fuzzing starts from, under models/src/test/resources/fuzz.

    python make_fuzz_seeds.py ../../src/test/resources

One small valid file of each kind, and one ONNX graph for each operator and for each feature of the format. What
fuzzing found lies beside them under other names; this leaves it alone.
"""

import io
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 20), helper.make_opsetid("local", 1)]


def value(name, shape=(2, 2), kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def weight(name="w", dtype=np.float32, shape=(2, 2)):
    return numpy_helper.from_array(np.arange(np.prod(shape)).reshape(shape).astype(dtype), name)


def model(nodes, inputs=None, outputs=None, initializers=(), functions=(), opsets=OPSET, sparse=()):
    graph = helper.make_graph(
        nodes, "g", inputs or [value("x")], outputs or [value("y")], list(initializers), sparse_initializer=list(sparse)
    )
    return helper.make_model(graph, opset_imports=opsets, functions=list(functions), ir_version=10)


def node(op, inputs=("x",), outputs=("y",), **attributes):
    return helper.make_node(op, list(inputs), list(outputs), **attributes)


def function(name, nodes, attributes=()):
    return helper.make_function("local", name, ["a"], ["b"], nodes, OPSET, list(attributes))


def external(location):
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 2])
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in {"location": location, "offset": "4", "length": "16"}.items():
        tensor.external_data.add(key=key, value=text)
    return tensor


def body(name, nodes, inputs, outputs):
    return helper.make_graph(nodes, name, inputs, outputs)


def features():
    """Graphs by name, one for each feature of ONNX."""
    mul = node("Mul", ["x", "w"])
    yield "external", model([mul], initializers=[external("weights.bin")])
    yield "external-outside", model([mul], initializers=[external("../secret.bin")])
    yield "external-absolute", model([mul], initializers=[external("/etc/hostname")])
    for kind in (np.float16, np.float64, np.int32, np.uint8, np.bool_):
        yield f"weight-{np.dtype(kind).name}", model(
            [node("Cast", ["w"], ["c"], to=TensorProto.FLOAT), node("Mul", ["x", "c"])], initializers=[weight(dtype=kind)]
        )
    brain = helper.make_tensor("w", TensorProto.BFLOAT16, [2, 2], [1.0, 2.0, 3.0, 4.0])
    yield "weight-bfloat16", model(
        [node("Cast", ["w"], ["c"], to=TensorProto.FLOAT), node("Mul", ["x", "c"])], initializers=[brain]
    )
    typed = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1.0, 2.0, 3.0, 4.0])
    yield "weight-typed", model([mul], initializers=[typed])
    values = helper.make_tensor("w", TensorProto.FLOAT, [1], [5.0])
    places = helper.make_tensor("w_places", TensorProto.INT64, [1], [3])
    yield "sparse", model([mul], sparse=[helper.make_sparse_tensor(values, places, [2, 2])])
    calls = [helper.make_node("F", ["x"], ["y"], domain="local")]
    yield "function", model(calls, functions=[function("F", [node("Relu", ["a"], ["b"])])])
    leaky = node("LeakyRelu", ["a"], ["b"])
    leaky.attribute.append(onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT))
    slope = helper.make_node("F", ["x"], ["y"], domain="local", slope=0.2)
    yield "function-attribute", model([slope], functions=[function("F", [leaky], ["slope"])])
    inner = helper.make_node("G", ["a"], ["b"], domain="local")
    yield "function-nested", model(
        calls, functions=[function("F", [inner]), function("G", [node("Neg", ["a"], ["b"])])]
    )
    yield "function-recursive", model(calls, functions=[function("F", [helper.make_node("F", ["a"], ["b"], domain="local")])])
    wall = helper.make_node("StopGradient", ["x"], ["s"], domain="local")
    yield "stop-gradient", model(
        [wall, node("Mul", ["s", "w"])],
        initializers=[weight()],
        functions=[function("StopGradient", [node("Identity", ["a"], ["b"])])],
    )
    flag = value("f", [], TensorProto.BOOL)
    then = body("then", [node("Neg", ["x"], ["t"])], [], [value("t")])
    other = body("else", [node("Abs", ["x"], ["e"])], [], [value("e")])
    yield "if", model([node("If", ["f"], then_branch=then, else_branch=other)], [value("x"), flag])
    step = body(
        "body",
        [node("Identity", ["go"], ["on"]), node("Add", ["s", "x"], ["t"])],
        [value("i", [], TensorProto.INT64), value("go", [], TensorProto.BOOL), value("s")],
        [value("on", [], TensorProto.BOOL), value("t")],
    )
    count = numpy_helper.from_array(np.array(3, np.int64), "n")
    yield "loop", model([node("Loop", ["n", "", "x"], ["y"], body=step)], initializers=[count])
    # Loops within loops that leave no node behind, and more turns than anybody can wait for.
    forever = numpy_helper.from_array(np.array(1 << 62, np.int64), "n")
    for name in ("inner", "middle"):
        inside = [value("i_" + name, [], TensorProto.INT64), value("c_" + name, [], TensorProto.BOOL), value("s_" + name)]
        nodes = [] if name == "inner" else [node("Loop", ["n", "", "s_middle"], ["t_middle"], body=step)]
        last = "s_inner" if name == "inner" else "t_middle"
        step = body("body_" + name, nodes, inside, [value("c_" + name, [], TensorProto.BOOL), value(last)])
    yield "loop-endless", model([node("Loop", ["n", "", "x"], ["y"], body=step)], initializers=[forever])
    scan = body("body", [node("Add", ["s", "e"], ["t"])], [value("s", [2]), value("e", [2])], [value("t", [2])])
    yield "scan", model(
        [node("Scan", ["v", "x"], num_scan_inputs=1, body=scan)], [value("v", [2]), value("x")], [value("y", [2])]
    )
    sequence = helper.make_tensor_sequence_value_info("s", TensorProto.FLOAT, [2, 2])
    yield "sequence", model([node("SequenceAt", ["s", "n"])], [sequence], initializers=[count])
    optional = onnx.ValueInfoProto(name="o")
    optional.type.optional_type.elem_type.CopyFrom(value("o").type)
    yield "optional", model([node("OptionalGetElement", ["o"])], [optional])
    yield "symbolic", model([node("Shape", ["x"], ["s"]), node("Reshape", ["x", "s"])], [value("x", ["N", None])])
    yield "unknown-domain", model([helper.make_node("FusedMatMul", ["x", "x"], ["y"], domain="com.microsoft")])
    yield "cycle", model([node("Add", ["x", "b"], ["a"]), node("Neg", ["a"], ["b"]), node("Neg", ["b"])])
    for opset in (13, 17, 23):
        yield f"opset-{opset}", model(
            [node("ReduceMean", ["x"], axes=[1])] if opset < 18 else [node("ReduceMean", ["x"])],
            opsets=[helper.make_opsetid("", opset)],
        )
    huge = value("x", [1 << 40, 1 << 40])
    yield "absurd-input", model([node("Identity")], [huge])
    shape = numpy_helper.from_array(np.array([1 << 40, 1 << 20], np.int64), "s")
    yield "absurd-constant", model([node("ConstantOfShape", ["s"])], initializers=[shape])
    yield "absurd-tensor", model([mul], initializers=[TensorProto(name="w", data_type=1, dims=[1 << 33])])


def operators(goldens):
    """The first graph of each operator's golden file."""
    for file in sorted(goldens.glob("*.npz")):
        with np.load(file) as arrays:
            yield f"operator-{file.stem}", arrays["0/model"].tobytes()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz():
    out = io.BytesIO()
    np.savez_compressed(out, a=np.arange(3, dtype=np.float32), b=np.array(7))
    yield "zip", b"\0" + out.getvalue()
    yield "row-order", b"\1" + npy(np.arange(6, dtype=np.float32).reshape(2, 3))
    yield "column-order", b"\1" + npy(np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3)))
    yield "scalar", b"\1" + npy(np.array(True))


def choices():
    """What GraphGrammar reads is any bytes; long enough for a whole graph."""
    random = np.random.default_rng(7)
    for i in range(8):
        yield f"choices-{i}", random.bytes(60 + 40 * i)


def mcap(folder):
    for name in ("whole", "lz4", "uncompressed", "unchunked", "no_summary"):
        file = (folder / f"{name}.mcap").read_bytes()
        yield name, b"\0" + file
        end = 8
        while file[end] != 0x0F:  # the end of the data
            end += 9 + int.from_bytes(file[end + 1 : end + 9], "little")
        yield f"records-{name}", b"\1" + file[8:end]
    yield "apple-double", b"\0\0\5\x16\7\0\2\0\0Mac OS X        "
    yield "magic-only", b"\0" + 2 * b"\x89MCAP0\r\n"
    yield "record-without-end", b"\1\5" + 7 * b"\xff" + b"\x7f" + b"x" * 9
    for compression in (b"", b"zstd", b"lz4"):  # 24 bytes that claim to hold 400 MB
        head = bytes(16) + (400 << 20).to_bytes(8, "little") + bytes(4) + len(compression).to_bytes(4, "little")
        body = head + compression + (24).to_bytes(8, "little") + bytes(24)
        name = compression.decode() or "plain"
        yield f"chunk-of-400-MB-{name}", b"\1\6" + len(body).to_bytes(8, "little") + body


def write(folder, seeds):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in seeds:
        (folder / name).write_bytes(content)


def main(resources):
    target = resources / "fuzz"
    bundle = resources / "bundles/small"
    write(target / "OnnxFuzz", ((f"feature-{n}", m.SerializeToString(deterministic=True)) for n, m in features()))
    write(target / "OnnxFuzz", operators(resources / "dev/forearm/models/grad/operators"))
    write(target / "GraphFuzz", choices())
    write(target / "NpzFuzz", npz())
    write(target / "McapFuzz", mcap(resources.parents[3] / "runtime/src/test/resources/mcap"))
    write(target / "SafetensorsFuzz", [("probe", (bundle / "probe.safetensors").read_bytes())])
    parts = ["bundle.yaml", "stats.json", "SHA256SUMS", "weights.safetensors", "probe.safetensors", "actor.onnx"]
    write(target / "BundleFuzz", ((p, bytes([i + 1]) + (bundle / p).read_bytes()) for i, p in enumerate(parts)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

"""Writes a training graph whose backward half is derived by hand, for tests that need no autodiff.

y = tanh(x W1 + b1) W2 + b2, loss = mean((y - target)^2), batch open. Needs numpy and onnx.

    python3 hand_graph.py ../../src/test/resources/dev/forearm/models/train
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

INPUT, HIDDEN, OUTPUT, ROWS = 6, 10, 3, 48


def node(operator, inputs, output, **attributes):
    return helper.make_node(operator, inputs, [output], **attributes)


def value(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def model():
    nodes = [
        node("MatMul", ["x", "W1"], "xw"),
        node("Add", ["xw", "b1"], "z"),
        node("Tanh", ["z"], "h"),
        node("MatMul", ["h", "W2"], "hw"),
        node("Add", ["hw", "b2"], "y"),
        node("Sub", ["y", "target"], "d"),
        node("Mul", ["d", "d"], "dd"),
        node("ReduceMean", ["dd"], "loss", keepdims=0),
        node("Size", ["d"], "n"),
        node("Cast", ["n"], "nf", to=TensorProto.FLOAT),
        node("Div", ["two", "nf"], "two_n"),
        node("Mul", ["d", "two_n"], "dy"),
        node("ReduceSum", ["dy", "rows"], "grad.b2", keepdims=0),
        node("Gemm", ["h", "dy"], "grad.W2", transA=1),
        node("Gemm", ["dy", "W2"], "dh", transB=1),
        node("Mul", ["h", "h"], "hh"),
        node("Sub", ["one", "hh"], "slope"),
        node("Mul", ["dh", "slope"], "dz"),
        node("ReduceSum", ["dz", "rows"], "grad.b1", keepdims=0),
        node("Gemm", ["x", "dz"], "grad.W1", transA=1),
    ]
    parameters = [
        value("W1", INPUT, HIDDEN),
        value("b1", HIDDEN),
        value("W2", HIDDEN, OUTPUT),
        value("b2", OUTPUT),
    ]
    graph = helper.make_graph(
        nodes,
        "hand",
        [value("x", "batch", INPUT), value("target", "batch", OUTPUT)] + parameters,
        [value("loss")]
        + [
            helper.make_tensor_value_info("grad." + p.name, TensorProto.FLOAT, shape(p))
            for p in parameters
        ],
        initializer=[
            numpy_helper.from_array(np.float32(1), "one"),
            numpy_helper.from_array(np.float32(2), "two"),
            numpy_helper.from_array(np.array([0], np.int64), "rows"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def shape(info):
    return [d.dim_value for d in info.type.tensor_type.shape.dim]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    save(model(), folder / "hand.train.onnx")

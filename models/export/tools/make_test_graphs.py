"""Makes the small graphs under models/src/test/resources/graphs.

    python make_test_graphs.py ../../src/test/resources/graphs
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 20)]


def save(folder: pathlib.Path, name: str, nodes, inputs, outputs, initializers=()) -> None:
    graph = helper.make_graph(list(nodes), name, inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=OPSET, ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, folder / f"{name}.onnx")


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def affine(folder: pathlib.Path) -> None:
    """y = x w + b, [batch, 3] -> [batch, 2]; w = 1..6 row-major, b = (0.5, -0.5)."""
    weights = [
        numpy_helper.from_array(np.arange(1, 7, dtype=np.float32).reshape(3, 2), "w"),
        numpy_helper.from_array(np.array([0.5, -0.5], np.float32), "b"),
    ]
    save(
        folder,
        "affine",
        [helper.make_node("Gemm", ["x", "w", "b"], ["y"])],
        [value("x", ["batch", 3])],
        [value("y", ["batch", 2])],
        weights,
    )


def step(folder: pathlib.Path) -> None:
    """One gradient-descent-like step: w_out = w_in - rate * g, loss = sum(g * g)."""
    save(
        folder,
        "step",
        [
            helper.make_node("Mul", ["rate", "g"], ["rg"]),
            helper.make_node("Sub", ["w_in", "rg"], ["w_out"]),
            helper.make_node("ReduceSumSquare", ["g"], ["loss"], keepdims=0),
        ],
        [value("w_in", [4]), value("g", [4]), value("rate", [])],
        [value("w_out", [4]), value("loss", [])],
    )


def selected(folder: pathlib.Path) -> None:
    """Data-dependent output shape: the indices of the positive elements."""
    zero = numpy_helper.from_array(np.array(0, np.float32), "zero")
    save(
        folder,
        "positive",
        [
            helper.make_node("Greater", ["x", "zero"], ["yes"]),
            helper.make_node("NonZero", ["yes"], ["indices"]),
        ],
        [value("x", ["n"])],
        [value("indices", [1, "found"], TensorProto.INT64)],
        [zero],
    )


def random(folder: pathlib.Path) -> None:
    """Draws its own noise, inside a branch: what a policy must not do."""
    branch = helper.make_graph(
        [helper.make_node("RandomNormalLike", ["x"], ["noise"])], "then", [], [value("noise", [2])]
    )
    other = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["same"])], "else", [], [value("same", [2])]
    )
    save(
        folder,
        "random",
        [helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=other)],
        [value("c", [], TensorProto.BOOL), value("x", [2])],
        [value("y", [2])],
    )


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    affine(folder)
    step(folder)
    selected(folder)
    random(folder)


if __name__ == "__main__":
    main()

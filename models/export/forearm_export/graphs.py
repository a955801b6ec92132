"""Writes the two networks as ONNX, weights outside.

The graphs are built by hand, operator by operator, instead of traced: what runs on the robot is then
exactly what is written here, every trainable initializer keeps its checkpoint name, and nothing is
folded or merged. `model.py` computes the same in PyTorch; `cli.py` compares the two.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 10
STRIDES = (2, 2, 1)  # of an eye's convolutions


@dataclasses.dataclass(frozen=True)
class Encoding:
    """Fixed features computed from the normalised observation x; see model.Encoder.

    linear: (matrix [width, n], bias [n]), clipped to +-3
    turns: (matrix [width, 4k], bias [4k]): cos and sin of k object yaws, cos and sin of the tool's
    """

    linear: tuple[np.ndarray, np.ndarray]
    turns: tuple[np.ndarray, np.ndarray] | None

    @property
    def size(self) -> int:
        return self.linear[0].shape[1] + (self.turns[0].shape[1] if self.turns else 0)


class Builder:
    def __init__(self, name: str, weights: dict[str, np.ndarray]):
        self.name = name
        self.weights = weights
        self.nodes: list = []
        self.constants: list = []
        self.used: list[str] = []
        self.count = 0

    def op(self, kind: str, *inputs: str, **attributes) -> str:
        self.count += 1
        out = f"{kind.lower()}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def constant(self, name: str, value) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, name: str) -> str:
        if name not in self.weights:
            raise KeyError(f"no weight {name}")
        if name not in self.used:
            self.used.append(name)
        return name

    def linear(self, x: str, prefix: str) -> str:
        return self.op(
            "Gemm", x, self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias"), transB=1
        )

    def conv(self, x: str, prefix: str, stride: int) -> str:
        weight = self.weight(f"{prefix}.weight")
        pad = self.weights[weight].shape[-1] // 2
        return self.op(
            "Conv", x, weight, self.weight(f"{prefix}.bias"), strides=[stride] * 2, pads=[pad] * 4
        )

    def silu(self, x: str) -> str:
        return self.op("Mul", x, self.op("Sigmoid", x))

    def mlp(self, x: str, prefix: str, hidden: int) -> str:
        for i in range(hidden):
            x = self.silu(self.linear(x, f"{prefix}.{i}"))
        return self.linear(x, f"{prefix}.{hidden}")

    def model(self, inputs, outputs, external: dict[str, tuple[int, int]] | None, file: str):
        """external: offset and length of each weight in `file`; None leaves weights inline."""
        initializers = list(self.constants)
        for name in self.used:
            tensor = numpy_helper.from_array(np.ascontiguousarray(self.weights[name]), name)
            if external is not None:
                offset, length = external[name]
                onnx.external_data_helper.set_external_data(tensor, file, offset, length)
                tensor.ClearField("raw_data")
            initializers.append(tensor)
        graph = helper.make_graph(self.nodes, self.name, inputs, outputs, initializers)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )


def _value(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])


def _encode(b: Builder, x: str, encoding: Encoding) -> str:
    low, high = b.constant("low", np.float32(-3)), b.constant("high", np.float32(3))
    parts = [x]
    matrix, bias = encoding.linear
    linear = b.op(
        "Add", b.op("MatMul", x, b.constant("near", matrix)), b.constant("near_bias", bias)
    )
    parts.append(b.op("Clip", linear, low, high))
    if encoding.turns:
        matrix, bias = encoding.turns
        k = matrix.shape[1] // 4
        turned = b.op(
            "Add", b.op("MatMul", x, b.constant("turn", matrix)), b.constant("turn_bias", bias)
        )
        sizes = b.constant("turn_sizes", np.array([k, k, k, k], np.int64))
        b.nodes.append(helper.make_node("Split", [turned, sizes], ["co", "so", "ct", "st"], axis=1))
        cos = b.op("Add", b.op("Mul", "co", "ct"), b.op("Mul", "so", "st"))
        sin = b.op("Sub", b.op("Mul", "so", "ct"), b.op("Mul", "co", "st"))
        for c, s in (("co", "so"), (cos, sin)):
            for _ in range(2):  # twice the angle, twice: a cube looks the same every quarter turn
                c, s = (
                    b.op("Sub", b.op("Mul", c, c), b.op("Mul", s, s)),
                    b.op("Mul", b.constant(f"two_{b.count}", np.float32(2)), b.op("Mul", s, c)),
                )
            parts += [c, s]
    return b.op("Concat", *parts, axis=1)


def _look(b: Builder, image, convolutions: int) -> str:
    """Where in a picture each of the last maps is brightest; see model.Eye."""
    x = image.name
    for i in range(convolutions):
        x = b.conv(x, f"eyes.{image.name}.{i}", stride=STRIDES[i])
        x = x if i == convolutions - 1 else b.silu(x)
    maps = len(b.weights[f"eyes.{image.name}.{convolutions - 1}.bias"])
    rows, columns = spot_grid(image)
    flat = b.constant(f"{image.name}_maps", np.array([-1, maps, rows * columns], np.int64))
    weights = b.op("Softmax", b.op("Reshape", x, flat), axis=-1)
    grid = b.constant(f"{image.name}_grid", spots(rows, columns))
    places = b.constant(f"{image.name}_places", np.array([-1, 2 * maps], np.int64))
    return b.op("Reshape", b.op("MatMul", weights, grid), places)


def spot_grid(image) -> tuple[int, int]:
    """Rows and columns of an eye's last maps."""
    rows, columns = image.height, image.width
    for stride in STRIDES:
        rows, columns = -(-rows // stride), -(-columns // stride)
    return rows, columns


def spots(rows: int, columns: int) -> np.ndarray:
    """x and y of each place of a map, from -1 to 1, [row * column, 2]."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


def world_model(spec, weights, encoding: Encoding, hidden: int) -> tuple[Builder, list, list]:
    b = Builder("world_model", weights)
    x = _encode(b, "observation", encoding)
    if spec.images:
        x = b.op("Concat", x, *(_look(b, image, len(STRIDES)) for image in spec.images), axis=1)
    flat = b.mlp(x, "world_model", hidden)
    frames = len(spec.frame_steps)
    shape = b.constant("frames", np.array([-1, frames, spec.frame_width], np.int64))
    b.nodes.append(helper.make_node("Reshape", [flat, shape], ["imagined"]))
    return (
        b,
        [_value("observation", spec.width), *(_value(i.name, *i.shape) for i in spec.images)],
        [_value("imagined", frames, spec.frame_width)],
    )


def actor(spec, weights, hidden: int) -> tuple[Builder, list, list]:
    b = Builder("actor", weights)
    own = len(spec.places(spec.proprioception))
    frames = len(spec.frame_steps)
    flat = b.op("Flatten", "imagined", axis=1)
    inputs = [_value("proprioception", own), _value("imagined", frames, spec.frame_width)]
    parts = ["proprioception", flat]
    if spec.prefix:
        inputs += [_value("prefix", spec.prefix, len(spec.joints)), _value("prefix_mask", spec.prefix)]
        parts += [b.op("Flatten", "prefix", axis=1), "prefix_mask"]
    x = b.op("Concat", *parts, axis=1)
    out = b.op("Add", b.mlp(x, "actor", hidden), b.linear(x, "actor.direct"))
    shape = b.constant("chunk", np.array([-1, spec.chunk_steps, len(spec.joints)], np.int64))
    b.nodes.append(helper.make_node("Reshape", [out, shape], ["actions"]))
    return (
        b,
        inputs,
        [_value("actions", spec.chunk_steps, len(spec.joints))],
    )

"""Golden gradients of single ONNX operators, by PyTorch in float64.

usage: python operators.py OUT_FOLDER

Writes one OPERATOR.npz an operator. Keys, with N the number of the case:
  N/model     the graph, ONNX bytes as uint8; its inputs are named as below
  N/in.X      a value for input X
  N/out.Y     the reference output Y, float64
  N/cot.Y     weights of output Y: the loss is sum over outputs of (Y * cot.Y)
  N/grad.X    the gradient of the loss with respect to input X, float64

The first case of every operator comes at opsets 13 and 23 as well, where the same node is valid there.
"""
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

TYPES = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64,
         np.dtype("bool"): TensorProto.BOOL}
CASES = {}
rng = np.random.default_rng(0)


class Const:
    """An initializer rather than an input."""

    def __init__(self, value, dtype=np.int64):
        self.value = np.asarray(value, dtype)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def positive(*shape):
    return rng.uniform(0.3, 2.0, shape).astype(np.float32)


def between(low, high, *shape):
    return rng.uniform(low, high, shape).astype(np.float32)


def integers(high, *shape, low=0):
    return rng.integers(low, high, shape).astype(np.int64)


def broadcasts(count):
    """Pairs of random shapes that broadcast, ranks 0 to 4."""
    pairs = []
    for _ in range(count):
        full = rng.integers(2, 5, rng.integers(1, 5))
        shapes = [tuple(1 if rng.random() < 0.3 else int(d) for d in full[rng.integers(0, len(full)):]) for _ in range(2)]
        shapes[rng.integers(2)] = tuple(int(d) for d in full)
        pairs.append(tuple(shapes))
    return pairs


def case(op, arguments, reference, outputs=1, opset=20, fixed=(), domain="", nodes=None, **attributes):
    """Adds a case: `arguments` in operator order (None = absent), `reference` on float64 tensors.

    `fixed` are positions of float arguments without gradient; an output the reference gives as
    None is not asked for. `nodes` write several nodes, from x0, x1, ... to y0, y1, ..., in the operator's place.
    """
    names, inputs, initializers, feeds, tensors = [], [], [], {}, []
    for i, argument in enumerate(arguments):
        if argument is None:
            names.append("")
            tensors.append(None)
            continue
        name = f"x{i}"
        names.append(name)
        constant = isinstance(argument, Const)
        value = argument.value if constant else np.asarray(argument)
        if constant:
            initializers.append(onnx.numpy_helper.from_array(value, name))
        else:
            inputs.append(helper.make_tensor_value_info(name, TYPES[value.dtype], value.shape))
            feeds[name] = value
        tensor = torch.from_numpy(value.copy())
        if value.dtype == np.float32:
            tensor = tensor.double()
            if not constant and i not in fixed:
                tensor.requires_grad_(True)
        tensors.append(tensor)
    results = reference(*tensors)
    results = list(results) if isinstance(results, (tuple, list)) else [results]
    results += [None] * (outputs - len(results))
    out_names = [f"y{i}" if r is not None else "" for i, r in enumerate(results)]
    local = np.random.default_rng(zlib.crc32(f"{op}{len(CASES.get(op, []))}".encode()))
    arrays, loss = {}, 0.0
    for name, value in feeds.items():
        arrays[f"in.{name}"] = value
    out_infos = []
    for name, result in zip(out_names, results):
        if result is None:
            continue
        out_infos.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
        weight = torch.from_numpy(local.standard_normal(tuple(result.shape)).astype(np.float32)).double()
        arrays[f"out.{name}"] = result.detach().numpy()
        arrays[f"cot.{name}"] = weight.numpy().astype(np.float32)
        loss = loss + (result * weight).sum()
    wanted = {n: t for n, t in zip(names, tensors) if t is not None and t.requires_grad}
    gradients = torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)
    for (name, tensor), gradient in zip(wanted.items(), gradients):
        arrays[f"grad.{name}"] = (torch.zeros_like(tensor) if gradient is None else gradient).numpy()
    body = nodes or [helper.make_node(op, names, out_names, domain=domain, **attributes)]
    graph = helper.make_graph(body, op, inputs, out_infos, initializers)
    first = op not in CASES
    for version in [opset, *(v for v in (13, 23) if first and v != opset and valid(graph, v))]:
        CASES.setdefault(op, []).append({**arrays, "model": np.frombuffer(model(graph, version).SerializeToString(), np.uint8)})


def model(graph, opset):
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def valid(graph, opset):
    try:
        onnx.checker.check_model(model(graph, opset), full_check=True)
        return True
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError):
        return False


def arithmetic():
    shapes = [((3, 4), (3, 4)), ((2, 3, 4), (4,)), ((1, 4), (3, 1)), ((), (2, 3)), ((2, 1, 3), (5, 1))]
    for a, b in shapes + broadcasts(4):
        case("Add", [normal(*a), normal(*b)], lambda x, y: x + y)
        case("Sub", [normal(*a), normal(*b)], lambda x, y: x - y)
        case("Mul", [normal(*a), normal(*b)], lambda x, y: x * y)
        case("Div", [normal(*a), positive(*b)], lambda x, y: x / y)
        case("Pow", [positive(*a), normal(*b)], lambda x, y: x ** y)
        case("Min", [normal(*a), normal(*b)], torch.minimum)
        case("Max", [normal(*a), normal(*b)], torch.maximum)
        case("Where", [rng.random(np.broadcast_shapes(a, b)) > 0.5, normal(*a), normal(*b)], torch.where)
    case("Where", [rng.random((4,)) > 0.5, normal(3, 1), normal(1, 1)], torch.where)
    case("Pow", [normal(3, 4), Const(2.0, np.float32)], lambda x, y: x ** 2)
    case("Pow", [normal(3, 4), Const(3.0, np.float32)], lambda x, y: x ** 3)
    case("Pow", [positive(3, 4), Const(0.5, np.float32)], lambda x, y: x ** 0.5)
    case("Pow", [positive(3, 4), Const(-1.5, np.float32)], lambda x, y: x ** -1.5)
    case("Pow", [normal(3, 4), Const(4)], lambda x, y: x ** 4)
    case("Max", [normal(3, 4), normal(4), normal(3, 1)], lambda x, y, z: torch.maximum(torch.maximum(x, y), z))
    tie = np.array([1, 2, 3, 3], np.float32)
    case("Max", [tie, np.array([1, 3, 2, 3], np.float32)], torch.maximum)
    case("Min", [tie, np.array([1, 3, 2, 3], np.float32)], torch.minimum)
    case("Sum", [normal(3, 4), normal(4), normal(3, 1)], lambda x, y, z: x + y + z)
    case("Mean", [normal(3, 4), normal(4), normal(3, 1)], lambda x, y, z: (x + y + z) / 3)


def unary():
    plain = {
        "Neg": torch.neg, "Exp": torch.exp, "Tanh": torch.tanh, "Sigmoid": torch.sigmoid,
        "Abs": torch.abs, "Relu": torch.relu, "Erf": torch.erf, "Softplus": F.softplus,
        "Softsign": F.softsign, "HardSwish": F.hardswish, "Mish": F.mish, "Sin": torch.sin,
        "Cos": torch.cos, "Sinh": torch.sinh, "Cosh": torch.cosh, "Asinh": torch.asinh,
        "Atan": torch.atan, "Identity": lambda x: x * 1, "Selu": F.selu, "Elu": F.elu,
    }
    for op, f in plain.items():
        case(op, [normal(3, 5)], f)
        case(op, [3 * normal(2, 2, 3)], f)
    for op, f in {"Log": torch.log, "Sqrt": torch.sqrt, "Reciprocal": torch.reciprocal}.items():
        case(op, [positive(3, 5)], f)
    for op, f in {"Asin": torch.asin, "Acos": torch.acos, "Atanh": torch.atanh, "Tan": torch.tan}.items():
        case(op, [between(-0.9, 0.9, 3, 4)], f)
    case("Acosh", [between(1.1, 3, 3, 4)], torch.acosh)
    case("Abs", [np.array([-1, 0, 2], np.float32)], torch.abs)
    case("Relu", [np.array([-1, 0, 2], np.float32)], torch.relu)
    case("LeakyRelu", [normal(3, 5)], lambda x: F.leaky_relu(x, 0.01))
    case("LeakyRelu", [normal(3, 5)], lambda x: F.leaky_relu(x, 0.3), alpha=0.3)
    case("Elu", [normal(3, 5)], lambda x: F.elu(x, 0.7), alpha=0.7)
    case("Celu", [normal(3, 5)], lambda x: F.celu(x, 1.3), alpha=1.3)
    case("PRelu", [normal(2, 3, 4), normal(3, 1)], lambda x, s: torch.where(x > 0, x, x * s))
    case("ThresholdedRelu", [normal(3, 5)], lambda x: torch.where(x > 0.5, x, 0.0 * x), alpha=0.5)
    case("HardSigmoid", [4 * normal(4, 5)], lambda x: (0.2 * x + 0.5).clamp(0, 1))
    case("HardSigmoid", [4 * normal(4, 5)], F.hardsigmoid, alpha=1 / 6, beta=0.5)
    case("Gelu", [2 * normal(3, 5)], F.gelu)
    case("Gelu", [2 * normal(3, 5)], lambda x: F.gelu(x, approximate="tanh"), approximate="tanh")
    case("Clip", [normal(3, 5), Const(-0.5, np.float32), Const(0.7, np.float32)], lambda x, a, b: x.clamp(-0.5, 0.7))
    case("Clip", [normal(3, 5), None, Const(0.2, np.float32)], lambda x, a, b: x.clamp(max=0.2))
    case("Clip", [normal(3, 5), np.float32(-0.3), np.float32(0.4)], lambda x, a, b: torch.clamp(x, a, b))
    case("Cast", [normal(3, 4)], lambda x: x * 1, to=TensorProto.FLOAT)
    case("CastLike", [normal(3, 4), Const([0.0], np.float32)], lambda x, y: x * 1)
    case("Dropout", [normal(3, 4)], lambda x: x * 1)
    for axis in (-1, 0, 1):
        case("Softmax", [2 * normal(3, 4, 5)], lambda x, a=axis: F.softmax(x, a), axis=axis)
        case("LogSoftmax", [2 * normal(3, 4, 5)], lambda x, a=axis: F.log_softmax(x, a), axis=axis)
    case("Trilu", [normal(2, 4, 5)], torch.triu)
    case("Softmax", [2 * normal(2, 3)], lambda x: F.softmax(x, -1), opset=13)
    case("Softmax", [2 * normal(2, 3, 2, 2)], lambda x: F.softmax(x, -3), axis=-3)
    case("LogSoftmax", [2 * normal(2, 3, 2, 2)], lambda x: F.log_softmax(x, -2), axis=-2)
    case("Swish", [2 * normal(3, 5)], F.silu, opset=23)
    case("Swish", [2 * normal(3, 5)], lambda x: x * torch.sigmoid(0.7 * x), opset=23, alpha=0.7)
    case("PRelu", [normal(2, 3, 4, 4), normal(3, 1, 1)], lambda x, s: torch.where(x > 0, x, x * s))
    case("Clip", [normal(2, 3), Const(-0.5, np.float32)], lambda x, a: x.clamp(min=-0.5), opset=13)
    case("Clip", [normal(3, 5)], lambda x: x * 1)
    case("Gelu", [np.array([-30, -8, 0, 8, 30], np.float32)], F.gelu)
    case("Softplus", [np.array([-100, -20, 0, 20, 100], np.float32)], lambda x: F.softplus(x, threshold=1000))
    case("Mish", [np.array([-60, -20, 0, 20, 60], np.float32)], F.mish)
    case("Elu", [np.array([-100, -1, 1, 100], np.float32)], F.elu)
    case("Trilu", [normal(4, 4), Const(-1)], lambda x, k: torch.tril(x, -1), upper=0)


def reductions():
    def l1(x, d, k): return x.abs().sum(d, keepdim=k)
    def l2(x, d, k): return (x * x).sum(d, keepdim=k).sqrt()
    def prod(x, d, k):
        for axis in sorted([a % x.dim() for a in d], reverse=True):
            x = x.prod(axis, keepdim=k)
        return x
    functions = {
        "ReduceSum": lambda x, d, k: x.sum(d, keepdim=k), "ReduceMean": lambda x, d, k: x.mean(d, keepdim=k),
        "ReduceMax": lambda x, d, k: x.amax(d, keepdim=k), "ReduceMin": lambda x, d, k: x.amin(d, keepdim=k),
        "ReduceL1": l1, "ReduceL2": l2, "ReduceProd": prod,
        "ReduceLogSumExp": lambda x, d, k: x.logsumexp(d, keepdim=k),
        "ReduceLogSum": lambda x, d, k: x.sum(d, keepdim=k).log(),
        "ReduceSumSquare": lambda x, d, k: (x * x).sum(d, keepdim=k),
    }
    for op, f in functions.items():
        make = positive if op == "ReduceLogSum" else normal
        for axes, keep in (((1,), 1), ((0, -1), 0), ((-1,), 0), ((0, 1, 2), 1)):
            case(op, [make(2, 3, 4), Const(axes)], lambda x, a, d=axes, k=keep: f(x, d, bool(k)), keepdims=keep)
        case(op, [make(3, 4)], lambda x: f(x, (0, 1), False), keepdims=0)
    tie = np.array([[1, 3, 3], [2, 2, 2]], np.float32)
    case("ReduceMax", [tie, Const([1])], lambda x, a: x.amax(1, keepdim=True))
    zeros = np.array([[1, 0, 3, 2], [0, 2, 0, 2], [1, 2, 3, 4]], np.float32)
    case("ReduceProd", [zeros, Const([1])], lambda x, a: x.prod(1, keepdim=True))
    case("ReduceMean", [normal(2, 3, 4)], lambda x: x.mean((1, 2), keepdim=True), opset=13, axes=[1, 2])
    case("ReduceMax", [normal(2, 3, 4)], lambda x: x.amax(1), opset=13, axes=[1], keepdims=0)
    case("ReduceSum", [normal(2, 3, 4), Const([])], lambda x, a: x * 1, keepdims=0, noop_with_empty_axes=1)
    case("ReduceSum", [normal(2, 3, 4), Const([])], lambda x, a: x.sum(), keepdims=0)
    case("ReduceMean", [normal(2, 3, 4)], lambda x: x * 1, keepdims=0, noop_with_empty_axes=1)
    for op, f in functions.items():
        if op != "ReduceSum":
            case(op, [positive(2, 3, 4)], lambda x, f=f: f(x, (0, -1), False), opset=17, axes=[0, -1], keepdims=0)
        case(op, [positive(2, 3, 2, 2), Const([-2, 1])], lambda x, a, f=f: f(x, (-2, 1), False), keepdims=0)
    case("CumSum", [normal(2, 5, 3), Const(-1)], lambda x, a: x.cumsum(-1), opset=13)
    for exclusive in (0, 1):
        for reverse in (0, 1):
            def running(x, a, e=exclusive, r=reverse):
                x = x.flip(1) if r else x
                s = x.cumsum(1) - (x if e else 0)
                return s.flip(1) if r else s
            case("CumSum", [normal(2, 5, 3), Const(1)], running, exclusive=exclusive, reverse=reverse)


def layout():
    case("Reshape", [normal(2, 3, 4), Const([4, -1])], lambda x, s: x.reshape(4, 6))
    case("Reshape", [normal(2, 3, 4), Const([0, 12])], lambda x, s: x.reshape(2, 12))
    case("Flatten", [normal(2, 3, 4)], lambda x: x.reshape(2, 12))
    case("Flatten", [normal(2, 3, 4)], lambda x: x.reshape(6, 4), axis=-1)
    case("Squeeze", [normal(2, 1, 4), Const([1])], lambda x, a: x.squeeze(1))
    case("Unsqueeze", [normal(2, 4), Const([0, -1])], lambda x, a: x[None, ..., None])
    case("Transpose", [normal(2, 3, 4)], lambda x: x.permute(2, 0, 1), perm=[2, 0, 1])
    case("Transpose", [normal(2, 3, 4)], lambda x: x.permute(2, 1, 0))
    case("Concat", [normal(2, 3), normal(2, 1), normal(2, 4)], lambda *x: torch.cat(x, 1), axis=1)
    case("Concat", [normal(2, 3), normal(4, 3)], lambda *x: torch.cat(x, 0), axis=-2)
    case("Split", [normal(2, 7), Const([2, 4, 1])], lambda x, s: x.split([2, 4, 1], 1), axis=1)
    case("Split", [normal(6, 2)], lambda x: x.split([2, 2, 2], 0), num_outputs=3)
    case("Split", [normal(6, 2)], lambda x: x.split([3, 3], 0), opset=13, outputs=2)
    case("Split", [normal(2, 7)], lambda x: x.split([3, 3, 1], 1), num_outputs=3, axis=-1)
    case("Expand", [normal(3, 1), Const([2, 3, 4])], lambda x, s: x.expand(2, 3, 4))
    case("Expand", [normal(3, 4), Const([1, 1])], lambda x, s: x * 1)
    case("Tile", [normal(2, 3), Const([2, 3])], lambda x, r: x.repeat(2, 3))
    case("Tile", [normal(2, 1, 3), Const([1, 4, 1])], lambda x, r: x.repeat(1, 4, 1))
    case("Pad", [normal(2, 3), Const([0, 1, 2, 1])], lambda x, p: F.pad(x, (1, 1, 0, 2)))
    case("Pad", [normal(2, 3, 4), Const([1, 2]), Const(0.5, np.float32), Const([2])],
         lambda x, p, v, a: F.pad(x, (1, 2), value=0.5))
    case("Pad", [normal(3, 4), Const([0, -1, 0, 2])], lambda x, p: F.pad(x, (-1, 2)))
    case("Pad", [normal(2, 2, 5), Const([0, 0, 2, 0, 0, 1])], lambda x, p: F.pad(x, (2, 1), mode="reflect"), mode="reflect")
    case("Pad", [normal(2, 2, 5), Const([0, 0, 2, 0, 0, 1])], lambda x, p: F.pad(x, (2, 1), mode="replicate"), mode="edge")
    case("Pad", [normal(2, 2, 5), Const([0, 0, 2, 0, 0, 1])], lambda x, p: F.pad(x, (2, 1), mode="circular"), mode="wrap")
    case("Pad", [normal(1, 2, 4, 5), Const([0, 0, 1, 2, 0, 0, 0, 3])], lambda x, p: F.pad(x, (2, 3, 1, 0), mode="reflect"), opset=13, mode="reflect")
    case("Pad", [normal(1, 2, 4, 5), Const([1, 2, 0, 3]), None, Const([-2, -1])], lambda x, p, v, a: F.pad(x, (2, 3, 1, 0), mode="replicate"), mode="edge")
    case("Pad", [normal(2, 4), Const([1, -1, 0, 2]), np.float32(0.3)], lambda x, p, v: F.pad(x[:, 1:] - v, (0, 2, 1, 0)) + v)
    case("Squeeze", [normal(1, 2, 1, 4)], lambda x: x.squeeze(), opset=13)
    case("Squeeze", [normal(1, 2, 1, 4), Const([-2, 0])], lambda x, a: x.squeeze(-2).squeeze(0))
    case("Unsqueeze", [normal(2, 4), Const([-2])], lambda x, a: x[:, None])
    case("Reshape", [normal(2, 1, 6), Const([0, -1, 3])], lambda x, s: x.reshape(2, 2, 3), opset=13)
    case("Reshape", [normal(2, 3), Const([1, 6]), ], lambda x, s: x.reshape(1, 6), allowzero=1)
    case("Flatten", [normal(2, 3, 4)], lambda x: x.reshape(1, 24), axis=0)
    case("Flatten", [normal(2, 3, 4)], lambda x: x.reshape(24, 1), axis=3)
    case("Transpose", [normal(2, 3, 2, 4)], lambda x: x.permute(0, 2, 1, 3), perm=[0, 2, 1, 3])
    case("Concat", [normal(2, 1, 3), normal(2, 2, 3)], lambda *x: torch.cat(x, -2), axis=-2)
    case("Concat", [normal(2, 3)], lambda x: x * 1, axis=1)
    case("Expand", [normal(2, 1, 1), Const([1, 2, 3, 4])], lambda x, s: x[None].expand(1, 2, 3, 4))
    case("Expand", [np.float32(0.7), Const([2, 3])], lambda x, s: x.expand(2, 3))
    case("Tile", [normal(2, 3), Const([1, 1])], lambda x, r: x * 1)
    case("Split", [normal(2, 3, 4), Const([1, 3])], lambda x, s: x.split([1, 3], -1), axis=-1)
    case("DepthToSpace", [normal(2, 8, 2, 3)], lambda x: F.pixel_shuffle(x, 2), blocksize=2, mode="CRD")
    def dcr(x):
        n, c, h, w = x.shape
        return x.reshape(n, 2, 2, c // 4, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // 4, h * 2, w * 2)
    case("DepthToSpace", [normal(2, 8, 2, 3)], dcr, blocksize=2)
    def to_depth(x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4).reshape(n, c * 4, h // 2, w // 2)
    case("SpaceToDepth", [normal(2, 3, 4, 6)], to_depth, blocksize=2)


def indexing():
    case("Slice", [normal(5, 6), Const([1, 2]), Const([4, 2**31]), Const([0, 1])], lambda x, *r: x[1:4, 2:])
    case("Slice", [normal(5, 6), Const([-3]), Const([-1]), Const([1])], lambda x, *r: x[:, -3:-1])
    case("Slice", [normal(7, 6), Const([0, 1]), Const([7, 6]), Const([0, 1]), Const([3, 2])], lambda x, *r: x[0:7:3, 1:6:2])
    case("Slice", [normal(7), Const([-1]), Const([-100]), Const([0]), Const([-1])], lambda x, *r: x.flip(0))
    case("Slice", [normal(7, 2), Const([5]), Const([0]), Const([0]), Const([-2])], lambda x, *r: x[[5, 3, 1]])
    case("Slice", [normal(5, 6), integers(1, 1) + 1, integers(1, 1) + 4, Const([0])], lambda x, *r: x[1:4])
    case("Slice", [normal(5, 6), Const([1, 1]), Const([3, 4])], lambda x, *r: x[1:3, 1:4])
    case("Gather", [normal(5, 3), integers(5, 4, low=-5)], lambda x, i: x[i])
    case("Gather", [normal(5, 3), integers(5, 2, 3)], lambda x, i: x[i], axis=0)
    case("Gather", [normal(2, 5, 3), integers(5, 2, 2, low=-5)], lambda x, i: x[:, i], axis=1)
    case("Gather", [normal(2, 5, 3), Const(1)], lambda x, i: x[..., 1], axis=-1)
    case("Gather", [normal(2, 5, 3), Const(0)], lambda x, i: x[0])
    case("GatherElements", [normal(4, 3), integers(4, 2, 3)], lambda x, i: x.gather(0, i))
    case("GatherElements", [normal(4, 3), integers(3, 4, 5)], lambda x, i: x.gather(1, i), axis=1)
    case("GatherND", [normal(4, 3, 2), integers(3, 5, 2)], lambda x, i: x[i[:, 0], i[:, 1]])
    case("GatherND", [normal(2, 3, 4), integers(3, 2, 1)], lambda x, i: x[torch.arange(2), i[:, 0]], batch_dims=1)
    rows = np.array([2, 0], np.int64)
    index = np.stack([rng.permutation(4)[:2] for _ in range(3)], 1).astype(np.int64)
    case("ScatterElements", [normal(4, 3), index, normal(2, 3)], lambda x, i, u: x.scatter(0, i, u))
    case("ScatterElements", [normal(4, 3), integers(3, 4, 2), normal(4, 2)], lambda x, i, u: x.scatter_add(1, i, u), axis=1, reduction="add")
    case("ScatterElements", [normal(4, 3), index, normal(2, 3)], lambda x, i, u: x.scatter_reduce(0, i, u, "prod"), reduction="mul")
    case("ScatterElements", [normal(4, 3), index, normal(2, 3)], lambda x, i, u: x.scatter_reduce(0, i, u, "amax"), reduction="max")
    case("ScatterElements", [normal(4, 3), index, normal(2, 3)], lambda x, i, u: x.scatter_reduce(0, i, u, "amin"), reduction="min")
    case("ScatterND", [normal(4, 3), rows[:, None], normal(2, 3)], lambda x, i, u: x.index_put((i[:, 0],), u))
    case("ScatterND", [normal(4, 3), np.array([[1], [1]]), normal(2, 3)],
         lambda x, i, u: x.index_put((i[:, 0],), u, accumulate=True), reduction="add")
    case("Slice", [normal(6, 5), integers(1, 2), integers(1, 2) + 5, np.array([1, 0]), np.array([2, 3])], lambda x, *r: x[0:5:3, 0:5:2])
    case("Slice", [normal(4, 6), np.array([-1]), np.array([-(2**31)]), np.array([-1]), np.array([-2])], lambda x, *r: x[:, [5, 3, 1]])
    case("Slice", [normal(3, 4, 5), Const([-3, 1]), Const([2**62, -1]), Const([-1, -2])], lambda x, *r: x[:, 1:-1, -3:], opset=13)
    case("Gather", [normal(2, 3, 4), integers(4, 2, 1, 2, low=-4)], lambda x, i: x[:, :, i], axis=-1)
    case("GatherElements", [normal(2, 3, 4), integers(4, 2, 3, 2, low=-4)], lambda x, i: x.gather(-1, i % 4), axis=-1)
    case("GatherND", [normal(4, 3), np.array([[-1, 2], [0, -3], [3, 2]])], lambda x, i: x[i[:, 0], i[:, 1]])
    case("GatherND", [normal(2, 3, 4), np.array([[[0, 1]], [[2, 3]]])], lambda x, i: x[torch.arange(2)[:, None], i[..., 0], i[..., 1]], batch_dims=1)
    same = np.array([[0, 1, 0], [0, 1, 0]], np.int64)
    case("ScatterElements", [normal(3, 4), np.array([[-1, 0], [2, -3], [1, -2]]), normal(3, 2)], lambda x, i, u: x.scatter(-1, i % 4, u), axis=-1)
    case("ScatterElements", [normal(3, 3), same, normal(2, 3)], lambda x, i, u: x.scatter_add(0, i, u), opset=16, reduction="add")
    for reduction, name in (("mul", "prod"), ("max", "amax"), ("min", "amin")):
        case("ScatterElements", [normal(3, 3), same, normal(2, 3)], lambda x, i, u, r=name: x.scatter_reduce(0, i, u, r), opset=18, reduction=reduction)
        case("ScatterND", [normal(4, 3), np.array([[1], [3]]), normal(2, 3)],
             lambda x, i, u, r=name: x.scatter_reduce(0, i.expand(2, 3), u, r), opset=18, reduction=reduction)
    ties = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    case("ScatterElements", [ties, same[:, :3], np.array([[1, 5, 9], [1, 0, 9]], np.float32)],
         lambda x, i, u: x.scatter_reduce(0, i, u, "amax"), opset=18, reduction="max")
    case("ScatterElements", [np.array([[0, 2, 0]], np.float32), np.zeros((1, 3), np.int64), normal(1, 3)],
         lambda x, i, u: x.scatter_reduce(0, i, u, "prod"), opset=18, reduction="mul")
    case("ScatterND", [normal(2, 3, 2), np.array([[[0, 1], [1, -1]]]), normal(1, 2, 2)], lambda x, i, u: x.index_put((i[..., 0], i[..., 1]), u))
    case("TopK", [normal(2, 3, 5), Const([2])], lambda x, k: x.topk(2, 1).values, outputs=2, opset=13, axis=-2)
    case("TopK", [normal(3, 6), np.array([4])], lambda x, k: x.topk(4, -1).values, outputs=2)
    case("TopK", [normal(3, 6), Const([2])], lambda x, k: x.topk(2, -1).values, outputs=2)
    case("TopK", [normal(5, 3), Const([3])], lambda x, k: x.topk(3, 0, largest=False).values, outputs=2, axis=0, largest=0)


def products():
    for a, b in (((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (6, 4, 2)),
                 ((4,), (4, 5)), ((3, 4), (4,)), ((2, 3, 4), (4,)), ((4,), (2, 4, 5)), ((4,), (4,)), ((3, 4), (2, 4, 5))):
        case("MatMul", [normal(*a), normal(*b)], torch.matmul)
    for ta in (0, 1):
        for tb in (0, 1):
            a, b = normal(*((4, 3) if ta else (3, 4))), normal(*((5, 4) if tb else (4, 5)))
            def gemm(x, w, c=None, ta=ta, tb=tb):
                y = 0.7 * (x.T if ta else x) @ (w.T if tb else w)
                return y if c is None else y + 1.3 * c
            case("Gemm", [a, b, normal(5)], gemm, transA=ta, transB=tb, alpha=0.7, beta=1.3)
            case("Gemm", [a, b, normal(3, 1)], gemm, transA=ta, transB=tb, alpha=0.7, beta=1.3)
    for a, b in broadcasts(4):
        case("MatMul", [normal(*a, 3, 4), normal(*b, 4, 2)], torch.matmul)
    case("Gemm", [normal(3, 4), normal(4, 5), np.float32(0.3)], lambda x, w, c: x @ w + c)
    case("Gemm", [normal(3, 4), normal(4, 5), normal(3, 5)], lambda x, w, c: x @ w + c, opset=13)
    case("Gemm", [normal(3, 4), normal(4, 5)], lambda x, w: x @ w)
    for equation, shapes in (
        ("ij,jk->ik", [(3, 4), (4, 5)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]), ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("i,j->ij", [(3,), (4,)]), ("ij->j", [(3, 4)]), ("ijk->kij", [(2, 3, 4)]), ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]),
        ("b...i,io->b...o", [(2, 3, 4), (4, 5)]), ("ab,bc,cd->ad", [(2, 3), (3, 4), (4, 2)]), ("ij,ij->", [(3, 4), (3, 4)]),
        ("bnd,d->bn", [(2, 3, 4), (4,)]), ("ii->i", [(4, 4)]), ("bii->b", [(2, 3, 3)]), ("ii,ij->j", [(3, 3), (3, 4)]), ("iij,jk->ik", [(3, 3, 2), (2, 4)]),
        ("...ij,...jk->...ik", [(3, 1, 2, 4), (1, 2, 4, 3)]), ("ij,jk->ik", [(3, 1), (4, 2)]), ("bthd,bshd->bhts", [(2, 3, 2, 4), (2, 5, 2, 4)]), ("a,b,c->abc", [(2,), (3,), (2,)]), ("ij,jk", [(3, 4), (4, 5)])):
        case("Einsum", [normal(*s) for s in shapes], lambda *x, e=equation: torch.einsum(e, *x), equation=equation)


def convolutions():
    for bias in (True, False):
        b = lambda n: [normal(n)] if bias else []
        case("Conv", [normal(2, 3, 9), normal(4, 3, 3), *b(4)], lambda x, w, *b: F.conv1d(x, w, *b, padding=1), pads=[1, 1])
        case("Conv", [normal(2, 4, 10), normal(6, 2, 3), *b(6)],
             lambda x, w, *b: F.conv1d(x, w, *b, stride=2, padding=2, dilation=2, groups=2),
             strides=[2], pads=[2, 2], dilations=[2], group=2)
        case("Conv", [normal(2, 3, 7, 8), normal(4, 3, 3, 2), *b(4)], lambda x, w, *b: F.conv2d(x, w, *b, stride=(2, 1), padding=(1, 0)),
             strides=[2, 1], pads=[1, 0, 1, 0])
        case("Conv", [normal(2, 4, 8, 8), normal(4, 1, 3, 3), *b(4)], lambda x, w, *b: F.conv2d(x, w, *b, stride=2, padding=1, groups=4),
             strides=[2, 2], pads=[1, 1, 1, 1], group=4)
    case("Conv", [normal(1, 2, 11, 9), normal(4, 2, 3, 3)], lambda x, w: F.conv2d(x, w, stride=3, dilation=2), strides=[3, 3], dilations=[2, 2])
    case("Conv", [normal(2, 3, 8, 8), normal(5, 3, 1, 1)], lambda x, w: F.conv2d(x, w, stride=2), strides=[2, 2])
    case("Conv", [normal(2, 2, 6), normal(3, 2, 3)], lambda x, w: F.conv1d(F.pad(x, (2, 0)), w), pads=[2, 0])
    case("Conv", [normal(1, 2, 7, 6), normal(3, 2, 3, 3)], lambda x, w: F.conv2d(F.pad(x, (0, 1, 1, 1)), w, stride=2), strides=[2, 2], auto_pad="SAME_UPPER")
    case("Conv", [normal(1, 2, 4, 5, 5), normal(2, 2, 2, 3, 3)], lambda x, w: F.conv3d(x, w, padding=(0, 1, 1)), pads=[0, 1, 1, 0, 1, 1])
    case("Conv", [normal(1, 2, 5), normal(2, 2, 2)], lambda x, w: F.conv1d(x, w, stride=3), strides=[3])
    for _ in range(6):
        n, group = int(rng.integers(1, 3)), int(rng.integers(1, 3))
        k, s, d, p = (rng.integers(*r, n) for r in ((1, 4), (1, 4), (1, 3), (0, 3)))
        size = d * (k - 1) + 1 + rng.integers(0, 6, n)
        f, g = (F.conv1d, F.conv_transpose1d) if n == 1 else (F.conv2d, F.conv_transpose2d)
        how = {"stride": tuple(s.tolist()), "padding": tuple(p.tolist()), "dilation": tuple(d.tolist()), "groups": group}
        attributes = {"strides": s.tolist(), "pads": p.tolist() * 2, "dilations": d.tolist(), "group": group}
        case("Conv", [normal(2, 2 * group, *size), normal(2 * group, 2, *k), normal(2 * group)],
             lambda x, w, b, f=f, how=how: f(x, w, b, **how), **attributes)
        extra = [int(rng.integers(0, e)) for e in s]
        grown = [max(2, int(-(-(2 * a - b * (c - 1)) // e) + 1)) for a, b, c, e in zip(p, d, k, s)]
        case("ConvTranspose", [normal(2, 2 * group, *grown), normal(2 * group, 2, *k), normal(2 * group)],
             lambda x, w, b, g=g, how=how, e=tuple(extra): g(x, w, b, output_padding=e, **how), output_padding=extra, **attributes)
    case("Conv", [normal(1, 2, 7), normal(3, 2, 4)], lambda x, w: F.conv1d(F.pad(x, (2, 1)), w), auto_pad="SAME_LOWER")
    case("Conv", [normal(1, 2, 7), normal(3, 2, 4)], lambda x, w: F.conv1d(x, w, stride=2), strides=[2], auto_pad="VALID")
    case("ConvTranspose", [normal(2, 4, 5), normal(4, 3, 3), normal(3)], lambda x, w, b: F.conv_transpose1d(x, w, b, stride=2, padding=1, output_padding=1),
         strides=[2], pads=[1, 1], output_padding=[1])
    case("ConvTranspose", [normal(2, 4, 5), normal(4, 3, 4), normal(3)], lambda x, w, b: F.conv_transpose1d(x, w, b, stride=2, padding=1), strides=[2], pads=[1, 1])
    case("ConvTranspose", [normal(2, 4, 4, 5), normal(4, 3, 3, 3)], lambda x, w: F.conv_transpose2d(x, w, groups=2, stride=2, padding=1),
         group=2, strides=[2, 2], pads=[1, 1, 1, 1])
    case("ConvTranspose", [normal(1, 2, 4, 4), normal(2, 3, 3, 3), normal(3)], lambda x, w, b: F.conv_transpose2d(x, w, b, dilation=2), dilations=[2, 2])


def normalisations():
    case("LayerNormalization", [normal(2, 3, 8), normal(8), normal(8)], lambda x, s, b: F.layer_norm(x, (8,), s, b))
    case("LayerNormalization", [normal(2, 3, 8), normal(8)], lambda x, s: F.layer_norm(x, (8,), s), epsilon=1e-5)
    case("LayerNormalization", [normal(2, 3, 4), normal(3, 4), normal(3, 4)], lambda x, s, b: F.layer_norm(x, (3, 4), s, b), axis=1)
    case("RMSNormalization", [normal(2, 3, 8), normal(8)], lambda x, s: F.rms_norm(x, (8,), s, 1e-5), opset=23)
    case("RMSNormalization", [normal(2, 3, 4), normal(3, 4)], lambda x, s: F.rms_norm(x, (3, 4), s, 1e-3), opset=23, axis=1, epsilon=1e-3)
    case("GroupNormalization", [normal(2, 6, 5), normal(6), normal(6)], lambda x, s, b: F.group_norm(x, 3, s, b), opset=21, num_groups=3)
    case("GroupNormalization", [normal(2, 4, 3, 3), normal(4), normal(4)], lambda x, s, b: F.group_norm(x, 2, s, b), opset=21, num_groups=2)
    case("InstanceNormalization", [normal(2, 3, 7), normal(3), normal(3)], lambda x, s, b: F.instance_norm(x, weight=s, bias=b))
    case("InstanceNormalization", [normal(2, 3, 4, 5), normal(3), normal(3)], lambda x, s, b: F.instance_norm(x, weight=s, bias=b))
    case("LayerNormalization", [normal(2, 3, 4), normal(4), normal(4)], lambda x, s, b: F.layer_norm(x, (4,), s, b), opset=17, axis=-1)
    case("LayerNormalization", [normal(3, 4, 2), normal(4, 2), normal(4, 2)], lambda x, s, b: F.layer_norm(x, (4, 2), s, b), axis=-2)
    case("RMSNormalization", [normal(2, 3, 2, 2), normal(2, 2)], lambda x, s: F.rms_norm(x, (2, 2), s, 1e-5), opset=23, axis=-2)
    case("GroupNormalization", [normal(2, 6, 2, 3), normal(3), normal(3)],
         lambda x, s, b: F.group_norm(x, 3) * s.repeat_interleave(2).view(6, 1, 1) + b.repeat_interleave(2).view(6, 1, 1), opset=18, num_groups=3)
    case("GroupNormalization", [normal(3, 4), normal(4), normal(4)], lambda x, s, b: F.group_norm(x, 2, s, b, 1e-3), opset=21, num_groups=2, epsilon=1e-3)
    case("GroupNormalization", [normal(2, 4, 3), normal(4), normal(4)], lambda x, s, b: F.group_norm(x, 1, s, b), opset=23, num_groups=1)
    def frozen(x, s, b, m, v):
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return (x - m.view(shape)) / (v.view(shape) + 1e-5).sqrt() * s.view(shape) + b.view(shape)
    case("BatchNormalization", [normal(2, 3, 4, 4), normal(3), normal(3), normal(3), positive(3)], frozen)
    case("BatchNormalization", [normal(4, 3), normal(3), normal(3), normal(3), positive(3)], frozen)
    case("BatchNormalization", [normal(2, 3, 5), normal(3), normal(3), normal(3), positive(3)], frozen, opset=14)
    case("BatchNormalization", [normal(2, 3, 2, 2), normal(3), normal(3), normal(3), positive(3)],
         lambda x, s, b, m, v: F.batch_norm(x, m, v, s, b, eps=1e-3), opset=15, fixed=(3, 4), epsilon=1e-3)
    case("LpNormalization", [normal(3, 5)], lambda x: F.normalize(x, dim=-1))
    case("LpNormalization", [normal(3, 5)], lambda x: F.normalize(x, p=1, dim=0), axis=0, p=1)


def pooling():
    case("MaxPool", [normal(2, 3, 9)], lambda x: F.max_pool1d(x, 3, 2, 1), kernel_shape=[3], strides=[2], pads=[1, 1])
    case("MaxPool", [normal(2, 3, 8, 9)], lambda x: F.max_pool2d(x, 3, 2, 1), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    case("MaxPool", [normal(1, 2, 7, 7)], lambda x: F.max_pool2d(x, 2, 2, ceil_mode=True), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    case("AveragePool", [normal(2, 3, 9)], lambda x: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False), kernel_shape=[3], strides=[2], pads=[1, 1])
    case("AveragePool", [normal(2, 3, 8, 9)], lambda x: F.avg_pool2d(x, 3, 2, 1), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)
    case("AveragePool", [normal(2, 3, 8, 9)], lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("AveragePool", [normal(1, 2, 7, 7)], lambda x: F.avg_pool2d(x, 2, 2, ceil_mode=True), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    case("MaxPool", [normal(2, 2, 9, 8)], lambda x: F.max_pool2d(x, (2, 3), (2, 1), (1, 0), (2, 2)), opset=13, kernel_shape=[2, 3], strides=[2, 1], pads=[1, 0, 1, 0], dilations=[2, 2])
    case("MaxPool", [normal(1, 2, 7)], lambda x: F.max_pool1d(F.pad(x, (0, 1), value=-1e9), 2, 2), kernel_shape=[2], strides=[2], auto_pad="SAME_UPPER")
    case("MaxPool", [normal(1, 2, 4, 5, 4)], lambda x: F.max_pool3d(x, 2, 2), kernel_shape=[2, 2, 2], strides=[2, 2, 2])
    case("AveragePool", [normal(2, 2, 10)], lambda x: F.avg_pool1d(x, 4, 3, 2), opset=13, kernel_shape=[4], strides=[3], pads=[2, 2], count_include_pad=1)
    case("AveragePool", [normal(1, 2, 5, 4, 6)], lambda x: F.avg_pool3d(x, 2, 2), kernel_shape=[2, 2, 2], strides=[2, 2, 2])
    case("AveragePool", [normal(1, 2, 8)], lambda x: (x[..., :-2] + x[..., 2:]) / 2, kernel_shape=[2], dilations=[2])
    case("GlobalAveragePool", [normal(2, 3, 7)], lambda x: x.mean(2, keepdim=True))
    case("GlobalAveragePool", [normal(2, 3, 4, 5)], lambda x: x.mean((2, 3), keepdim=True))
    case("GlobalMaxPool", [normal(2, 3, 4, 5)], lambda x: x.amax((2, 3), keepdim=True))
    e = Const([], np.float32)
    up = lambda **k: (lambda x, *r: F.interpolate(x, **k))
    case("Resize", [normal(2, 3, 4, 5), None, Const([1, 1, 2, 2], np.float32)], up(scale_factor=2, mode="nearest"),
         mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("Resize", [normal(2, 3, 4, 5), None, None, Const([2, 3, 7, 9])], up(size=(7, 9), mode="nearest"),
         mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("Resize", [normal(2, 3, 5), None, Const([1, 1, 2], np.float32)], up(scale_factor=2, mode="nearest"),
         mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("Resize", [normal(2, 3, 4, 5), None, Const([1, 1, 2, 2], np.float32)], up(scale_factor=2, mode="bilinear", align_corners=False),
         mode="linear", coordinate_transformation_mode="half_pixel")
    case("Resize", [normal(2, 3, 4, 5), None, None, Const([2, 3, 7, 9])], up(size=(7, 9), mode="bilinear", align_corners=True),
         mode="linear", coordinate_transformation_mode="align_corners")
    case("Resize", [normal(2, 3, 5), None, Const([1, 1, 2], np.float32)], up(scale_factor=2, mode="linear", align_corners=False),
         mode="linear", coordinate_transformation_mode="half_pixel")
    case("Resize", [normal(2, 3, 8, 6), None, None, Const([2, 3, 4, 3])], up(size=(4, 3), mode="bilinear", align_corners=False),
         mode="linear", coordinate_transformation_mode="half_pixel")


    case("Resize", [normal(2, 3, 4, 5), None, Const([1, 1, 2, 2], np.float32)], up(scale_factor=2, mode="bilinear", align_corners=False),
         opset=13, mode="linear", coordinate_transformation_mode="pytorch_half_pixel")
    case("Resize", [normal(2, 3, 4), None, None, Const([2, 3, 8])], up(size=8, mode="nearest"), opset=13,
         mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("Resize", [normal(2, 3, 4, 4), None, Const([1.1, 1.1], np.float32)],
         up(scale_factor=1.1, mode="bilinear", align_corners=False, recompute_scale_factor=False), opset=18,
         mode="linear", coordinate_transformation_mode="half_pixel", axes=[2, 3])
    case("Resize", [normal(2, 3, 4, 5), None, None, Const([7, 6])], up(size=(7, 6), mode="bilinear", align_corners=False), opset=18,
         mode="linear", coordinate_transformation_mode="half_pixel", axes=[-2, -1])
    case("Resize", [normal(4, 5), None, None, Const([8, 5])], lambda x, *r: F.interpolate(x[None, None], size=(8, 5), mode="bilinear")[0, 0],
         mode="linear", coordinate_transformation_mode="half_pixel")
    case("Resize", [normal(1, 2, 4, 5), None, None, Const([1, 2, 8, 10])], up(size=(8, 10), mode="bicubic", align_corners=False),
         mode="cubic", coordinate_transformation_mode="half_pixel", cubic_coeff_a=-0.75)
    case("Resize", [normal(1, 2, 5), None, None, Const([1, 2, 8])], up(size=8, mode="nearest-exact"),
         mode="nearest", coordinate_transformation_mode="half_pixel", nearest_mode="round_prefer_ceil")


def gates(w, blocks, order):
    return torch.cat([w.chunk(blocks)[i] for i in order])


def recurrent_reference(kind, x, w, r, b, h0, c0, order, directions, reverse=False):
    """Runs torch.nn's cell functions over time with ONNX's weights."""
    hidden = r.shape[-1]
    outputs, last_h, last_c = [], [], []
    for d in range(directions):
        wi, wr = gates(w[d], len(order), order), gates(r[d], len(order), order)
        bi, br = b[d].chunk(2)
        bi, br = gates(bi, len(order), order), gates(br, len(order), order)
        h = h0[d] if h0 is not None else torch.zeros(x.shape[1], hidden, dtype=x.dtype)
        c = c0[d] if c0 is not None else torch.zeros(x.shape[1], hidden, dtype=x.dtype)
        steps = list(range(x.shape[0]))
        backwards = d == 1 or reverse
        out = []
        for t in reversed(steps) if backwards else steps:
            if kind == "GRU":
                h = torch.gru_cell(x[t], h, wi, wr, bi, br)
            elif kind == "LSTM":
                h, c = torch.lstm_cell(x[t], (h, c), wi, wr, bi, br)
            else:
                h = torch.rnn_tanh_cell(x[t], h, wi, wr, bi, br)
            out.append(h)
        outputs.append(torch.stack(out[::-1] if backwards else out))
        last_h.append(h)
        last_c.append(c)
    y = torch.stack(outputs, 1)
    return [y, torch.stack(last_h)] + ([torch.stack(last_c)] if kind == "LSTM" else [])


def recurrent():
    orders = {"GRU": [1, 0, 2], "LSTM": [0, 2, 3, 1], "RNN": [0]}  # ONNX block for each of torch's
    for kind, order in orders.items():
        n = len(order)
        for directions, given, reverse in ((1, True, False), (2, False, False), (1, False, True)):
            x = normal(4, 2, 3)
            w, r, b = normal(directions, n * 5, 3), normal(directions, n * 5, 5), normal(directions, n * 10)
            args = [x, w, r, b]
            if given:
                args += [None, normal(directions, 2, 5)] + ([normal(directions, 2, 5)] if kind == "LSTM" else [])
            attributes = {"hidden_size": 5}
            if directions == 2:
                attributes["direction"] = "bidirectional"
            if reverse:
                attributes["direction"] = "reverse"
            if kind == "GRU":
                attributes["linear_before_reset"] = 1
            def run(x, w, r, b, s=None, h0=None, c0=None, kind=kind, order=order, d=directions, rev=reverse):
                return recurrent_reference(kind, x, w, r, b, h0, c0, order, d, rev)
            case(kind, args, run, **attributes)
        x, w, r = normal(3, 2, 3), normal(1, n * 4, 3), normal(1, n * 4, 4)  # without bias, one output asked for
        attributes = {"hidden_size": 4, **({"linear_before_reset": 1} if kind == "GRU" else {})}
        for opset in (14, 22):
            case(kind, [x, w, r], lambda x, w, r, kind=kind, order=order, n=n: recurrent_reference(
                kind, x, w, r, torch.zeros(1, n * 8, dtype=x.dtype), None, None, order, 1)[:1], opset=opset, **attributes)
        batch_first = [normal(2, 4, 3), normal(1, n * 5, 3), normal(1, n * 5, 5), normal(1, n * 10), None, normal(2, 1, 5)]
        def turned(x, w, r, b, s, h0, kind=kind, order=order):
            results = recurrent_reference(kind, x.transpose(0, 1), w, r, b, h0.transpose(0, 1), None, order, 1)
            return [results[0].permute(2, 0, 1, 3), *(y.transpose(0, 1) for y in results[1:])]
        case(kind, batch_first, turned, hidden_size=5, layout=1, **({"linear_before_reset": 1} if kind == "GRU" else {}))
    def early_reset(x, w, r, b):
        h = torch.zeros(2, 5, dtype=x.dtype)
        wb, rb = b[0].chunk(2)
        out = []
        for t in range(4):
            gx = (x[t] @ w[0].T + wb).chunk(3, -1)
            rz, rr, rh = r[0].chunk(3)
            bz, br, bh = rb.chunk(3)
            z = torch.sigmoid(gx[0] + h @ rz.T + bz)
            reset = torch.sigmoid(gx[1] + h @ rr.T + br)
            n = torch.tanh(gx[2] + (reset * h) @ rh.T + bh)
            h = (1 - z) * n + z * h
            out.append(h)
        return [torch.stack(out)[:, None], h[None]]
    case("GRU", [normal(4, 2, 3), normal(1, 15, 3), normal(1, 15, 5), normal(1, 30)], early_reset, hidden_size=5)


def attention():
    sdpa = F.scaled_dot_product_attention
    q, k, v = (2, 3, 4, 8), (2, 3, 5, 8), (2, 3, 5, 6)
    case("Attention", [normal(*q), normal(*k), normal(*v)], lambda q, k, v: sdpa(q, k, v), opset=23)
    case("Attention", [normal(*q), normal(*k), normal(*v), normal(4, 5)], lambda q, k, v, m: sdpa(q, k, v, m), opset=23)
    case("Attention", [normal(*q), normal(*k), normal(*v), np.tril(np.ones((4, 5), bool))], lambda q, k, v, m: sdpa(q, k, v, m), opset=23)
    case("Attention", [normal(2, 3, 4, 8), normal(2, 3, 4, 8), normal(2, 3, 4, 8)], lambda q, k, v: sdpa(q, k, v, is_causal=True), opset=23, is_causal=1)
    case("Attention", [normal(2, 4, 4, 8), normal(2, 2, 5, 8), normal(2, 2, 5, 8)], lambda q, k, v: sdpa(q, k, v, enable_gqa=True, scale=0.3), opset=23, scale=0.3)
    def flat(q, k, v):
        split = lambda x: x.unflatten(-1, (2, -1)).transpose(1, 2)
        return sdpa(split(q), split(k), split(v)).transpose(1, 2).flatten(2)
    case("Attention", [normal(2, 4, 8), normal(2, 5, 8), normal(2, 5, 8)], flat, opset=23, q_num_heads=2, kv_num_heads=2)
    def capped(q, k, v):
        s = q @ k.transpose(-1, -2) / 8 ** 0.5
        return torch.softmax(2.0 * torch.tanh(s / 2.0), -1) @ v
    case("Attention", [normal(*q), normal(*k), normal(*v)], capped, opset=23, softcap=2.0)
    def grouped(q, k, v, m):
        split = lambda x, h: x.unflatten(-1, (h, -1)).transpose(1, 2)
        return sdpa(split(q, 4), split(k, 2), split(v, 2), m, enable_gqa=True).transpose(1, 2).flatten(2)
    case("Attention", [normal(2, 3, 8), normal(2, 5, 4), normal(2, 5, 6), rng.random((2, 1, 3, 5)) > 0.3], grouped, opset=23, q_num_heads=4, kv_num_heads=2)
    def with_past(q, k, v, m, pk, pv):
        k, v = torch.cat([pk, k], 2), torch.cat([pv, v], 2)
        return [sdpa(q, k, v, m), k, v]
    case("Attention", [normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 1, 3, 5), normal(1, 2, 2, 4), normal(1, 2, 2, 4)],
         with_past, outputs=3, opset=23)
    dead = np.array([[True, False, True], [False, False, False]])
    case("Attention", [normal(1, 2, 2, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4), dead], lambda q, k, v, m: sdpa(q, k, v, m), opset=23)
    def capped_then_masked(q, k, v, m):
        return torch.softmax(1.5 * torch.tanh(q @ k.transpose(-1, -2) / 2 / 1.5) + m, -1) @ v
    case("Attention", [normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(3, 3)], capped_then_masked, opset=23, softcap=1.5)
    def rotate(x, cos, sin):
        a, b = x.chunk(2, -1)
        c, s = cos[:, None], sin[:, None]
        return torch.cat([c * a - s * b, s * a + c * b], -1)
    case("RotaryEmbedding", [normal(2, 3, 4, 8), normal(2, 4, 4), normal(2, 4, 4)], rotate, opset=23)
    def interleaved(x, cos, sin):
        a, b = x[..., 0::2], x[..., 1::2]
        c, s = cos[:, None], sin[:, None]
        return torch.stack([c * a - s * b, s * a + c * b], -1).flatten(-2)
    case("RotaryEmbedding", [normal(2, 3, 4, 8), normal(2, 4, 4), normal(2, 4, 4)], interleaved, opset=23, interleaved=1)


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, **attributes)


def decisions():
    """What does not differentiate stands beside a product that does; its own share of the gradient is nothing."""
    def beside(op, arguments, decide, opset=20, type=TensorProto.FLOAT, **attributes):
        names = [f"x{i}" for i in range(len(arguments))]
        case(op, arguments, lambda *x: x[0] * decide(*(a.detach() for a in x)).to(x[0].dtype), opset=opset,
             nodes=[node(op, names, ["d"], **attributes), node("Cast", ["d"], ["c"], to=type), node("Mul", ["x0", "c"], ["y0"])])
    beside("ArgMax", [normal(3, 4)], lambda x: x.argmax(1, keepdim=True), axis=1)
    beside("ArgMin", [normal(3, 4)], lambda x: x.argmin(-1, keepdim=True), axis=-1, opset=13)
    for op, f in {"Sign": torch.sign, "Floor": torch.floor, "Ceil": torch.ceil, "Round": torch.round}.items():
        beside(op, [3 * normal(3, 4)], f)
    beside("IsNaN", [normal(2, 3)], torch.isnan)
    beside("IsInf", [normal(2, 3)], torch.isinf)
    beside("Mod", [positive(3, 4), positive(4)], torch.fmod, fmod=1)
    beside("Hardmax", [normal(3, 4)], lambda x: F.one_hot(x.argmax(-1), 4))
    comparisons = {"Equal": torch.eq, "Greater": torch.gt, "GreaterOrEqual": torch.ge, "Less": torch.lt, "LessOrEqual": torch.le}
    for op, f in comparisons.items():
        beside(op, [normal(3, 4), normal(4)], f)
        beside(op, [np.array([1, 2, 3], np.float32), np.array([1, 3, 2], np.float32)], f)
    logic = {"And": torch.logical_and, "Or": torch.logical_or, "Xor": torch.logical_xor}
    for op, f in logic.items():
        case(op, [normal(2, 3), normal(3)], lambda x, y, f=f: x * f(x > 0, y > 0),
             nodes=logic_nodes(op))
    case("Not", [normal(2, 3)], lambda x: x * ~(x > 0), nodes=[
        node("Constant", [], ["z"], value_float=0.0), node("Greater", ["x0", "z"], ["a"]), node("Not", ["a"], ["d"]),
        node("Cast", ["d"], ["c"], to=TensorProto.FLOAT), node("Mul", ["x0", "c"], ["y0"])])


def logic_nodes(op):
    return [node("Constant", [], ["z"], value_float=0.0), node("Greater", ["x0", "z"], ["a"]), node("Greater", ["x1", "z"], ["b"]),
            node(op, ["a", "b"], ["d"]), node("Cast", ["d"], ["c"], to=TensorProto.FLOAT), node("Mul", ["x0", "c"], ["y0"])]


def sequences():
    at = lambda value: node("Constant", [], [f"at{value}"], value=onnx.numpy_helper.from_array(np.int64(value)))
    case("SplitToSequence", [normal(3, 5)], lambda x: x[:, 0:2] * x[:, 2:4], nodes=[
        node("Constant", [], ["size"], value=onnx.numpy_helper.from_array(np.int64(2))), node("SplitToSequence", ["x0", "size"], ["s"], axis=-1),
        at(0), at(-2), node("SequenceAt", ["s", "at0"], ["a"]), node("SequenceAt", ["s", "at-2"], ["b"]), node("Mul", ["a", "b"], ["y0"])])
    case("SplitToSequence", [normal(3, 5)], lambda x: x[1] * x[2], nodes=[
        node("SplitToSequence", ["x0"], ["s"], axis=0, keepdims=0), at(1), at(2),
        node("SequenceAt", ["s", "at1"], ["a"]), node("SequenceAt", ["s", "at2"], ["b"]), node("Mul", ["a", "b"], ["y0"])])
    case("ConcatFromSequence", [normal(3, 4), normal(2, 4), normal(1, 4)], lambda x, y, z: torch.cat([z, y]), nodes=[
        node("SequenceConstruct", ["x0", "x1"], ["s"]), at(0), node("SequenceInsert", ["s", "x2", "at0"], ["t"]), at(1),
        node("SequenceErase", ["t", "at1"], ["u"]), node("ConcatFromSequence", ["u"], ["y0"], axis=0)])
    case("ConcatFromSequence", [normal(3, 4), normal(3, 4)], lambda x, y: torch.stack([x, y], -1), nodes=[
        node("SequenceEmpty", [], ["e"]), node("SequenceInsert", ["e", "x0"], ["s"]), node("SequenceInsert", ["s", "x1"], ["t"]),
        node("ConcatFromSequence", ["t"], ["y0"], axis=-1, new_axis=1)])


def control_flow():
    value = helper.make_tensor_value_info
    def branch(op, *inputs):
        return helper.make_graph([node(op, inputs, [op])], op, [], [value(op, TensorProto.FLOAT, None)])
    for flag, f in ((True, torch.tanh), (False, torch.exp)):
        case("If", [normal(2, 3)], f, nodes=[
            node("Constant", [], ["c"], value=onnx.numpy_helper.from_array(np.array(flag))),
            node("If", ["c"], ["y0"], then_branch=branch("Tanh", "x0"), else_branch=branch("Exp", "x0"))])
    body = helper.make_graph(
        [node("MatMul", ["h", "x1"], ["m"]), node("Tanh", ["m"], ["n"]), node("Identity", ["go"], ["on"]), node("Gather", ["x2", "i"], ["g"]),
         node("Add", ["n", "g"], ["next"]), node("Mul", ["next", "next"], ["square"])], "body",
        [value("i", TensorProto.INT64, []), value("go", TensorProto.BOOL, []), value("h", TensorProto.FLOAT, None)],
        [value("on", TensorProto.BOOL, []), value("next", TensorProto.FLOAT, None), value("square", TensorProto.FLOAT, None)])
    def rolled(h, w, x):
        squares = []
        for i in range(3):
            h = torch.tanh(h @ w) + x[i]
            squares.append(h * h)
        return [h, torch.stack(squares)]
    case("Loop", [normal(2, 4), normal(4, 4), normal(3, 2, 4)], rolled, nodes=[
        node("Constant", [], ["turns"], value=onnx.numpy_helper.from_array(np.int64(3))), node("Loop", ["turns", "", "x0"], ["y0", "y1"], body=body)])
    step = helper.make_graph(
        [node("MatMul", ["h", "x1"], ["m"]), node("Add", ["m", "e"], ["a"]), node("Tanh", ["a"], ["next"]), node("Identity", ["next"], ["out"])], "step",
        [value("h", TensorProto.FLOAT, None), value("e", TensorProto.FLOAT, None)],
        [value("next", TensorProto.FLOAT, None), value("out", TensorProto.FLOAT, None)])
    def scanned(h, w, x, axis, reverse):
        out = []
        for e in list(x.unbind(axis))[:: -1 if reverse else 1]:
            h = torch.tanh(h @ w + e)
            out.append(h)
        return [h, torch.stack(out, axis)]
    for axis, reverse in ((0, 0), (1, 1)):
        shape = [2, 4]
        shape.insert(axis, 3)
        case("Scan", [normal(2, 4), normal(4, 4), normal(*shape)], lambda h, w, x, a=axis, r=reverse: scanned(h, w, x, a, r), nodes=[
            node("Scan", ["x0", "x2"], ["y0", "y1"], body=step, num_scan_inputs=1, scan_input_axes=[axis], scan_input_directions=[reverse],
                 scan_output_axes=[axis])])


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for family in (arithmetic, unary, reductions, layout, indexing, products, convolutions, normalisations, pooling, recurrent, attention, decisions, sequences, control_flow):
        family()
    for op, cases in CASES.items():
        arrays = {f"{i}/{key}": value for i, c in enumerate(cases) for key, value in c.items()}
        np.savez_compressed(out / f"{op}.npz", **arrays)
    print(sum(len(c) for c in CASES.values()), "cases of", len(CASES), "operators")


main()

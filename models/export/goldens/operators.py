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
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from onnx import TensorProto

import layers
import structures
from cases import CASES, Const, between, broadcasts, case, integers, normal, positive, rng


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


def made():
    """What is made of a few numbers rather than picked."""
    case("Range", [np.float32(0.3), Const(3.0, np.float32), np.float32(0.7)], lambda s, l, d: s + d * torch.arange(4))
    hot = lambda i, v: v[0] + (v[1] - v[0]) * F.one_hot(i, 4)
    case("OneHot", [np.array([0, 2, 1]), Const(4), normal(2)], lambda i, d, v: hot(i, v))
    case("OneHot", [np.array([0, 2, -1]), Const(4), normal(2)], lambda i, d, v: hot(i % 4, v).T, axis=0)
    case("Mod", [3 * normal(3, 4), -positive(4)], torch.fmod, fmod=1)


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    families = [arithmetic, unary, reductions, layout, indexing]
    families += [layers.products, layers.convolutions, layers.normalisations, layers.pooling, layers.recurrent, layers.attention]
    families += [structures.decisions, structures.sequences, structures.control_flow]
    families += [layers.packed, made]
    for family in families:
        family()
    for op, cases in CASES.items():
        arrays = {f"{i}/{key}": value for i, c in enumerate(cases) for key, value in c.items()}
        np.savez_compressed(out / f"{op}.npz", **arrays)
    print(sum(len(c) for c in CASES.values()), "cases of", len(CASES), "operators")


main()

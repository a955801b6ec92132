"""Cases of single operators: a graph, inputs, and what PyTorch in float64 makes of them. See operators.py."""
import zlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

TYPES = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64, np.dtype("int32"): TensorProto.INT32,
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

"""Turns a PyTorch module into two graphs: one to run and one to train.

An exporter that optimises folds parameters away, merges those that start equal and drops `detach`; a graph
like that infers right and trains wrong. So the trainable form is exported unoptimised, parameters become graph
inputs while everything constant around them is folded, and then initializers again: every parameter keeps its
checkpoint name and value; tied weights stay one. `detach`, and whatever comes out of `no_grad`, becomes a node of
the local function forearm.StopGradient, whose body is Identity, so that any ONNX runtime runs it and a
differentiator stops there. Operators that draw random numbers are refused: randomness is an input. A parameter that
has a gradient in PyTorch but is not read in the graph is refused.

    python3 -m forearm_export.trainable package.module:factory FOLDER

where factory() returns (module, {input name: example tensor}).
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import operator
import pathlib
import sys

import numpy as np
import onnx
import onnxscript
import torch
from onnx import helper, numpy_helper

DOMAIN = "forearm"
STOP_GRADIENT = "StopGradient"
RANDOM = {
    "Bernoulli",
    "Dropout",
    "Multinomial",
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
}


@torch.library.custom_op("forearm::stop_gradient", mutates_args=())
def _stop_gradient(x: torch.Tensor) -> torch.Tensor:
    return x.clone()


@_stop_gradient.register_fake
def _(x):
    return torch.empty_like(x)


def _stop_gradient_node(x):
    schema = onnx.defs.OpSchema(
        STOP_GRADIENT,
        DOMAIN,
        1,
        inputs=[onnx.defs.OpSchema.FormalParameter("x", "T")],
        outputs=[onnx.defs.OpSchema.FormalParameter("y", "T")],
        type_constraints=[("T", [f"tensor({t})" for t in ("float16", "bfloat16", "float", "double")], "")],
    )
    return onnxscript.values.Op(onnxscript.values.Opset(DOMAIN, 1), STOP_GRADIENT, schema)(x)


WALL = torch.ops.forearm.stop_gradient.default


def _keep_walls(program):
    """Puts StopGradient where the module detaches a value, or computes it under no_grad."""
    graph = program.graph_module.graph
    for node in list(graph.nodes):
        if node.target is torch.ops.aten.detach.default and node.meta["val"].is_floating_point():
            node.target = WALL
        if node.target is torch.ops.higher_order.wrap_with_set_grad_enabled and not node.args[0]:
            parts = [user for user in node.users if user.target is operator.getitem]
            for part in [part for part in parts if part.meta["val"].is_floating_point()]:
                with graph.inserting_after(part):
                    wall = graph.call_function(WALL, (part,))
                wall.meta.update(part.meta)
                part.replace_all_uses_with(wall, delete_user_cb=lambda user, wall=wall: user is not wall)
    program.graph_module.recompile()
    return program


@contextlib.contextmanager
def _masks_as_given():
    """While tracing, torch.nn's transformers do not look into a mask to see whether it is causal: it is applied anyway."""
    transformer = torch.nn.modules.transformer
    detect = transformer._detect_is_causal_mask
    transformer._detect_is_causal_mask = lambda mask, is_causal=None, size=None: bool(is_causal)
    try:
        yield
    finally:
        transformer._detect_is_causal_mask = detect


def _traced(module, inputs, dynamic_batch, opset):
    batch = {0: torch.export.Dim("batch")} if dynamic_batch else None
    with _masks_as_given():
        program = torch.export.export(
            module, tuple(inputs.values()), dynamic_shapes=tuple(batch for _ in inputs) if batch else None
        )
    return torch.onnx.export(
        _keep_walls(program),
        (),
        dynamo=True,
        optimize=False,
        verbose=False,
        opset_version=opset,
        input_names=list(inputs),
        custom_translation_table={WALL: _stop_gradient_node},
    ).model_proto


def _stop_gradient_function(opset):
    return helper.make_function(
        DOMAIN,
        STOP_GRADIENT,
        ["x"],
        ["y"],
        [helper.make_node("Identity", ["x"], ["y"])],
        [helper.make_opsetid("", opset)],
    )


def _tie(model, module):
    """One initializer for a parameter that the module has under several names: the first of them."""
    first = {}
    names = {n: first.setdefault(id(p), n) for n, p in module.named_parameters(remove_duplicate=False)}
    kept = {}
    for tensor in list(model.graph.initializer):
        tensor.name = names.get(tensor.name, tensor.name)
        if tensor.name in kept:
            model.graph.initializer.remove(tensor)
        kept[tensor.name] = tensor
    for node in model.graph.node:
        node.input[:] = [names.get(i, i) for i in node.input]


def _lift(model, names):
    """Moves initializers to the inputs, so that no optimiser may fold them."""
    moved = [i for i in model.graph.initializer if i.name in names]
    for tensor in moved:
        model.graph.initializer.remove(tensor)
        model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))


def _lower(model, parameters):
    for name, value in parameters.items():
        for info in [i for i in model.graph.input if i.name == name]:
            model.graph.input.remove(info)
        model.graph.initializer.append(numpy_helper.from_array(value, name))


def strip(model):
    """Removes what exporters note about the source: paths, stack traces, versions."""
    model.producer_name, model.producer_version, model.doc_string = "forearm-export", "", ""
    del model.metadata_props[:]
    graphs = [model.graph, *model.functions]
    for part in graphs:
        part.doc_string = ""
        del part.metadata_props[:]
        for node in part.node:
            node.doc_string = ""
            del node.metadata_props[:]
    for value in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
        value.doc_string = ""
        del value.metadata_props[:]


def _name_batch(model):
    """The open dimension is called `batch`; the tracer numbers it."""
    shapes = [v.type.tensor_type.shape for v in [*model.graph.input, *model.graph.output, *model.graph.value_info]]
    traced = next((d.dim_param for s in shapes for d in s.dim if d.dim_param), "")
    for dim in (d for s in shapes for d in s.dim if traced and d.dim_param):
        dim.dim_param = dim.dim_param.replace(traced, "batch")


def _refuse_random(model):
    for node in [*model.graph.node, *(n for f in model.functions for n in f.node)]:
        if node.op_type in RANDOM:
            raise ValueError(
                f"export: node '{node.name}' draws random numbers ({node.op_type}); make the noise an input"
                " of the module, and call eval() if it is dropout"
            )


def _refuse_training_mode(module):
    for name, part in module.named_modules():
        if isinstance(part, torch.nn.modules.batchnorm._NormBase) and part.training and part.track_running_stats:
            raise ValueError(f"export: '{name}' is in training mode and would update its statistics; call eval()")


def _refuse_folded(model, module, inputs):
    """Every parameter that has a gradient in PyTorch must be read in the graph under its name."""
    read = {i for node in model.graph.node for i in node.input}
    with torch.enable_grad():
        output = module(*inputs.values())
        output = output[0] if isinstance(output, (tuple, list)) else output
        named = {n: p for n, p in module.named_parameters() if p.requires_grad}
        gradients = torch.autograd.grad(output.sum(), list(named.values()), allow_unused=True)
    folded = sorted(n for n, g in zip(named, gradients) if g is not None and n not in read)
    if folded:
        raise ValueError(f"export: parameters {folded} are not read in the graph: the exporter folded or renamed them")


def trainable_graph(module, inputs, *, dynamic_batch=True, opset=20):
    """The trainable form: every parameter is an initializer under its name in the state dict.

    A parameter with several names (tied weights) has the first of them.
    """
    from onnxscript import optimizer

    _refuse_training_mode(module)
    parameters = {n: p.detach().numpy().copy() for n, p in module.named_parameters()}
    model = _traced(module, inputs, dynamic_batch, opset)
    if any(n.op_type == STOP_GRADIENT for n in model.graph.node):
        if not any(o.domain == DOMAIN for o in model.opset_import):
            model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
        model.functions.append(_stop_gradient_function(opset))
    _tie(model, module)
    _lift(model, parameters)
    model = optimizer.optimize(model, inline=False)
    _lower(model, parameters)
    _refuse_folded(model, module, inputs)
    _refuse_random(model)
    strip(model)
    _name_batch(model)
    names = [i.name for i in model.graph.initializer]
    if len(names) != len(set(names)):
        raise ValueError("export: an initializer is there twice")
    onnx.checker.check_model(model, full_check=True)
    return model


def inference_graph(module, inputs, *, dynamic_batch=True, opset=20):
    """The form that runs: the same graph, optimised as the exporter likes."""
    from onnxscript import optimizer

    with _masks_as_given():
        model = optimizer.optimize(_traced_plain(module, inputs, dynamic_batch, opset))
    _refuse_random(model)
    strip(model)
    _name_batch(model)
    onnx.checker.check_model(model, full_check=True)
    return model


def _traced_plain(module, inputs, dynamic_batch, opset):
    batch = {0: torch.export.Dim("batch")} if dynamic_batch else None
    return torch.onnx.export(
        module,
        tuple(inputs.values()),
        dynamo=True,
        optimize=True,
        verbose=False,
        opset_version=opset,
        input_names=list(inputs),
        dynamic_shapes=tuple(batch for _ in inputs) if batch else None,
    ).model_proto


class _Double(torch.overrides.TorchFunctionMode):
    """Computes in float64, also where a module asks for float32 by name."""

    def __enter__(self):
        torch.set_default_dtype(torch.float64)
        return super().__enter__()

    def __exit__(self, *raised):
        torch.set_default_dtype(torch.float32)
        return super().__exit__(*raised)

    def __torch_function__(self, function, types, args=(), kwargs=None):
        function = torch.Tensor.double if function is torch.Tensor.float else function
        wider = {k: torch.float64 if v is torch.float32 else v for k, v in (kwargs or {}).items()}
        return function(*(torch.float64 if a is torch.float32 else a for a in args), **wider)


def gradient_probe(module, inputs, seed=0):
    """Gradients of mean((first output - target)^2) in float64, to check a differentiator with.

    Keys: `in.<input>`, `target`, `loss`, `grad.<parameter>`; a parameter the loss does not reach has zeros, one that
    is frozen (requires_grad off) no key.
    """
    double = copy.deepcopy(module).double()
    generator = torch.Generator().manual_seed(seed)
    feeds = {n: x.double() if x.is_floating_point() else x for n, x in inputs.items()}
    with _Double():
        output = double(*feeds.values())
    output = output[0] if isinstance(output, (tuple, list)) else output
    # Rounded first: the reader holds targets in float32.
    target = torch.randn(output.shape, generator=generator).double()
    loss = ((output - target) ** 2).mean()
    named = {n: p for n, p in double.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
    probe = {f"in.{n}": x.numpy() for n, x in inputs.items()}
    probe["target"] = target.float().numpy()
    probe["loss"] = loss.detach().numpy()
    for (name, parameter), gradient in zip(named.items(), gradients):
        found = torch.zeros_like(parameter) if gradient is None else gradient
        probe[f"grad.{name}"] = found.detach().numpy()
    return probe


def export(module, inputs, folder, name, *, dynamic_batch=True, opset=20):
    """Writes NAME.onnx, NAME.train.onnx and NAME.probe.npz into a folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    module = module.eval()
    options = {"dynamic_batch": dynamic_batch, "opset": opset}
    onnx.save(inference_graph(module, inputs, **options), folder / f"{name}.onnx")
    onnx.save(trainable_graph(module, inputs, **options), folder / f"{name}.train.onnx")
    np.savez(folder / f"{name}.probe.npz", **gradient_probe(module, inputs))


if __name__ == "__main__":
    place, function = sys.argv[1].split(":")
    made, example_inputs = getattr(importlib.import_module(place), function)()
    export(made, example_inputs, sys.argv[2], function)

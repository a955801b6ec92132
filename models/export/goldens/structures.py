"""Cases of what does not differentiate, of sequences of tensors and of control flow."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

from cases import case, normal, positive


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
    case("Mod", [positive(3, 4), positive(4)], torch.fmod, fmod=1)
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

"""Cases of operators that are layers: products, windows, normalisations, recurrences, attention."""
import numpy as np
import torch
import torch.nn.functional as F

from cases import Const, broadcasts, case, integers, normal, positive, rng


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


def packed():
    """Rows of different lengths: each is what it is alone, and nothing behind its end."""
    orders = {"GRU": [1, 0, 2], "LSTM": [0, 2, 3, 1], "RNN": [0]}
    lengths = np.array([2, 4, 1], np.int32)
    for kind, order in orders.items():
        n = len(order)
        for direction, given, constant in (("forward", True, False), ("bidirectional", False, True), ("reverse", False, False)):
            d = 2 if direction == "bidirectional" else 1
            args = [normal(4, 3, 2), normal(d, n * 5, 2), normal(d, n * 5, 5), normal(d, n * 10), Const(lengths, np.int32) if constant else lengths]
            if given:
                args += [normal(d, 3, 5)] + ([normal(d, 3, 5)] if kind == "LSTM" else [])
            def run(x, w, r, b, s, h0=None, c0=None, kind=kind, order=order, d=d, direction=direction):
                rows = []
                for i, length in enumerate(lengths):
                    state = [v if v is None else v[:, i:i + 1] for v in (h0, c0)]
                    y, *last = recurrent_reference(kind, x[:length, i:i + 1], w, r, b, *state, order, d, direction == "reverse")
                    rows.append([torch.cat([y, y.new_zeros(4 - length, *y.shape[1:])]), *last])
                return [torch.cat(parts, 2 if k == 0 else 1) for k, parts in enumerate(zip(*rows))]
            case(kind, args, run, hidden_size=5, direction=direction, **({"linear_before_reset": 1} if kind == "GRU" else {}))


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

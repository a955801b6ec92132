"""The two networks: small residual-free perceptrons on fixed, readable features."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from .graphs import STRIDES, Encoding, spot_grid, spots
from .spec import Spec

CLIP = 3.0
MAPS = (16, 24, 24)  # of an eye, layer by layer
KERNELS = (5, 3, 3)


def encoding(spec: Spec, mean: np.ndarray, std: np.ndarray, joint_limits) -> Encoding:
    """Fixed features for the world model, as affine maps of the normalised observation.

    Differences between every two positions (tool and objects), once at 3 cm and once at 15 cm
    scale; a piecewise-linear code of every prismatic joint; the yaw of each object's rotation,
    alone and against the tool's.
    """
    w = spec.width
    columns, biases = [], []

    def add(places: dict[int, float], offset: float) -> None:
        """A column for sum(factor * physical value) + offset."""
        column = np.zeros(w)
        for place, factor in places.items():
            column[place] += factor * std[place]
            offset += factor * mean[place]
        columns.append(column)
        biases.append(offset)

    points = [f for f in spec.observation if f.source == "tool_position"]
    points += [f for f in spec.observation if f.source.startswith("object_position:")]
    for i, a in enumerate(points):
        for b in points[:i]:
            for pa, pb in zip(spec.places([a.name]), spec.places([b.name])):
                for scale in (0.03, 0.15):
                    add({pa: 1 / scale, pb: -1 / scale}, 0.0)
    for place, (_, unit), (low, high) in zip(
        spec.of_source("joint_position"), spec.joints, joint_limits
    ):
        if unit == "m":
            step = (high - low) / 10
            for knot in range(10):
                add({place: 1 / step}, -(low + (knot + 0.5) * step) / step)
    linear = (np.array(columns, np.float32).T.copy(), np.array(biases, np.float32))

    rotations = [f for f in spec.observation if f.source.startswith("object_rotation:")]
    (tool,) = [f for f in spec.observation if f.source == "tool_rotation"]
    columns, biases = [], []
    for feature, component in ((None, 0), (None, 1), (tool, 0), (tool, 1)):
        for rotation in rotations:
            add({spec.places([(feature or rotation).name])[component]: 1.0}, 0.0)
    turns = (np.array(columns, np.float32).T.copy(), np.array(biases, np.float32))
    return Encoding(linear, turns if rotations else None)


class Encoder(nn.Module):
    """graphs._encode in PyTorch."""

    def __init__(self, code: Encoding):
        super().__init__()
        self.register_buffer("near", torch.tensor(code.linear[0]), persistent=False)
        self.register_buffer("near_bias", torch.tensor(code.linear[1]), persistent=False)
        self.turned = code.turns is not None
        if code.turns:
            self.register_buffer("turn", torch.tensor(code.turns[0]), persistent=False)
            self.register_buffer("turn_bias", torch.tensor(code.turns[1]), persistent=False)

    def forward(self, x):
        parts = [x, (x @ self.near + self.near_bias).clamp(-CLIP, CLIP)]
        if self.turned:
            co, so, ct, st = (x @ self.turn + self.turn_bias).chunk(4, 1)
            for c, s in ((co, so), (co * ct + so * st, so * ct - co * st)):
                for _ in range(2):
                    c, s = c * c - s * s, 2 * (s * c)
                parts += [c, s]
        return torch.cat(parts, 1)


class Eye(nn.Sequential):
    """Convolutions, and where in the picture each of the last maps is brightest: x and y from -1 to 1."""

    def __init__(self, image):
        channels = (image.shape[0], *MAPS)
        super().__init__(
            *(
                nn.Conv2d(a, b, k, stride, k // 2)
                for a, b, k, stride in zip(channels, MAPS, KERNELS, STRIDES)
            )
        )
        self.register_buffer("grid", torch.tensor(spots(*spot_grid(image))), persistent=False)

    def forward(self, x):
        *before, last = self
        for layer in before:
            x = nn.functional.silu(layer(x))
        return (last(x).flatten(2).softmax(-1) @ self.grid).flatten(1)


def mlp(width_in: int, width: int, layers: int, width_out: int) -> nn.ModuleList:
    sizes = [width_in] + [width] * layers + [width_out]
    return nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))


def run(layers: nn.ModuleList, x):
    for layer in layers[:-1]:
        x = nn.functional.silu(layer(x))
    return layers[-1](x)


class WorldModel(nn.Module):
    """Normalised observation to normalised differences of the imagined frames."""

    def __init__(self, spec: Spec, code: Encoding, width: int, layers: int):
        super().__init__()
        self.frames = len(spec.frame_steps)
        self.encode = Encoder(code)
        self.images = [image.name for image in spec.images]
        self.eyes = nn.ModuleDict({image.name: Eye(image) for image in spec.images})
        seen = 2 * MAPS[-1] * len(spec.images)
        self.world_model = mlp(
            spec.width + code.size + seen, width, layers, self.frames * spec.frame_width
        )

    def look(self, pictures):
        """What the eyes tell of pictures [batch, channel, row, column], in the order of spec.images."""
        return torch.cat([self.eyes[n](p) for n, p in zip(self.images, pictures)], 1)

    def forward(self, x, *pictures):
        return self.imagine(x, self.look(pictures) if pictures else None)

    def imagine(self, x, seen):
        code = self.encode(x)
        if seen is not None:
            code = torch.cat([code, seen], 1)
        return run(self.world_model, code).view(len(x), self.frames, -1)


class Actor(nn.Module):
    """Own state, imagined frames and committed actions, if any, to normalised differences of the joint positions."""

    def __init__(self, spec: Spec, width: int, layers: int):
        super().__init__()
        self.steps = spec.chunk_steps
        size_in = (
            len(spec.places(spec.proprioception))
            + len(spec.frame_steps) * spec.frame_width
            + spec.prefix * (len(spec.joints) + 1)
        )
        size_out = spec.chunk_steps * len(spec.joints)
        self.actor = mlp(size_in, width, layers, size_out)
        self.direct = nn.Linear(size_in, size_out)

    def forward(self, own, imagined, *prefix):
        """prefix: the committed actions [batch, row, joint], 0 where none is, and 1 for each row that is one."""
        x = torch.cat([own, imagined.flatten(1), *(p.flatten(1) for p in prefix)], 1)
        return (run(self.actor, x) + self.direct(x)).view(len(x), self.steps, -1)


def weights(world_model: WorldModel, actor: Actor) -> dict[str, np.ndarray]:
    """All trainable tensors by checkpoint name."""
    named = {k: v for k, v in world_model.state_dict().items()}
    for k, v in actor.state_dict().items():
        named[k if k.startswith("actor.") else f"actor.{k}"] = v
    return {k: v.detach().numpy().astype(np.float32) for k, v in named.items()}


def rebuilt(spec: Spec, code: Encoding, named: dict[str, np.ndarray], hidden: tuple[int, int]):
    """The two networks with given weights; the inverse of `weights`."""
    world = WorldModel(spec, code, len(named["world_model.0.bias"]), hidden[0])
    actor = Actor(spec, len(named["actor.0.bias"]), hidden[1])
    own = {ACTOR_NAMES.get(k, k): v for k, v in named.items()}
    for module in (world, actor):
        module.load_state_dict({k: torch.tensor(own[k]) for k in module.state_dict()})
    return world, actor


# Checkpoint names of the actor's parameters that are called otherwise in the module.
ACTOR_NAMES = {f"actor.direct.{part}": f"direct.{part}" for part in ("weight", "bias")}

"""Supervised training of both halves on demonstrations.

The world model learns the frames that followed each observation, as differences to it. The actor
learns the demonstrated chunk from its own state and a future: half of the time the frames that really
followed (hindsight), half of the time what the world model imagines, so that it neither depends on
perfect foresight nor learns to ignore it. Smooth-L1, AdamW with warm-up and cosine decay, exponential moving average
of the weights, noise on the input. One CPU thread and one seed: equal runs give equal bits.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import time

import numpy as np
import torch
from torch import nn
from torch.nn.functional import smooth_l1_loss

from . import images
from . import model as models
from .scaling import scalings
from .spec import Spec


@dataclasses.dataclass
class Recipe:
    seed: int = 0
    steps: int = 6000
    batch: int = 256
    rate: float = 1.5e-3
    decay: float = 1e-4
    ema: float = 0.998
    beta: float = 0.1  # where smooth-L1 turns from square to absolute, in standard deviations
    world_width: int = 192
    world_layers: int = 3
    actor_width: int = 128
    actor_layers: int = 2
    noise: float = 1.0  # scale of the input noise below
    threads: int = 1


# Standard deviation of the noise on observed values, by the source's kind and the joint's unit.
NOISE = {
    "joint_position": 0.004,
    "joint_velocity": 0.02,
    "tool_position": 0.001,
    "tool_rotation": 0.004,
    "object_position": 0.001,
    "object_rotation": 0.01,
}
FINGER_NOISE = 0.0003  # m
PICTURE_NOISE = 0.01  # of the range


@dataclasses.dataclass
class Data:
    observation: np.ndarray  # [n, width] physical
    frames: np.ndarray  # [n, frames, frame width] physical
    chunk: np.ndarray  # [n, steps, joints] physical
    pictures: list[np.ndarray] | None = None  # of each image of the spec [n, row, column...], as images.batch wants them
    hints: np.ndarray | None = None  # [n, k] what there is to see, physical; for training alone


def statistics(spec: Spec, data: Data) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Means and standard deviations, with floors that keep what hardly moves from exploding."""

    def of(values, floor):
        mean = values.mean(0)
        return mean.ravel(), np.maximum(values.std(0), floor).ravel()

    floor = np.full(spec.width, 0.02)
    for place, (_, unit) in zip(spec.of_source("joint_position"), spec.joints):
        if unit == "m":
            floor[place] = 0.005
    observed = spec.places(spec.imagined)
    own = spec.of_source("joint_position")
    delta = data.frames - data.observation[:, None, observed]
    action = data.chunk - data.observation[:, None, own]
    return {
        "observation": of(data.observation, floor),
        "imagined": of(delta, 0.003),
        "action": of(action, 0.003),
    }


def fit(spec: Spec, data: Data, joint_limits, recipe: Recipe, log=print):
    """Returns (world model, actor, encoding, statistics), the networks with averaged weights."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    stats = statistics(spec, data)
    code = models.encoding(spec, *stats["observation"], joint_limits)
    world = models.WorldModel(spec, code, recipe.world_width, recipe.world_layers)
    actor = models.Actor(spec, recipe.actor_width, recipe.actor_layers)
    n = len(data.observation)
    own = spec.places(spec.proprioception)

    def tensor(x):
        return torch.tensor(np.asarray(x, np.float32))

    obs, frame, act = tensor(data.observation), tensor(data.frames), tensor(data.chunk)
    scale = scalings(spec, stats, tensor)
    sigma = tensor(_noise(spec)) * recipe.noise

    parameters = [*world.parameters(), *actor.parameters()]
    hint = None
    if data.pictures is not None:  # the eyes learn faster from what is there than from what is done
        hint = nn.Sequential(
            nn.Linear(2 * models.MAPS[-1] * len(spec.images) + spec.width, 64),
            nn.SiLU(),
            nn.Linear(64, data.hints.shape[1]),
        )
        parameters += hint.parameters()
        hints = tensor((data.hints - data.hints.mean(0)) / np.maximum(data.hints.std(0), 0.01))
    optimizer = torch.optim.AdamW(parameters, recipe.rate, weight_decay=recipe.decay)
    averages = (copy.deepcopy(world), copy.deepcopy(actor))
    started, shown = time.time(), {}
    for step in range(recipe.steps):
        warm = min(1.0, (step + 1) / 200)
        cosine = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * warm * (0.02 + 0.98 * cosine)
        b = torch.randint(n, (recipe.batch,))
        seen = obs[b] + torch.randn(recipe.batch, spec.width) * sigma
        x = scale["observation"].normalise(seen, seen)
        wanted = scale["imagined"].normalise(seen, frame[b])
        told = None
        if hint is not None:
            told = world.look(_pictures(spec, data, b.numpy()))
        imagined = world.imagine(x, told)
        world_loss = smooth_l1_loss(imagined, wanted, beta=recipe.beta)
        hindsight = torch.rand(recipe.batch, 1, 1) < 0.5
        future = torch.where(hindsight, wanted, imagined.detach())
        target = scale["action"].normalise(seen, act[b])
        told_actions = committed(spec, target) if spec.prefix else ()
        actor_loss = smooth_l1_loss(
            actor(x[:, own], future, *told_actions), target, beta=recipe.beta
        )
        optimizer.zero_grad(set_to_none=True)
        loss = world_loss + actor_loss
        if hint is not None:
            loss = loss + smooth_l1_loss(hint(torch.cat([told, x], 1)), hints[b], beta=recipe.beta)
        loss.backward()
        optimizer.step()
        keep = min(recipe.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            for average, live in zip(averages, (world, actor)):
                for a, p in zip(average.parameters(), live.parameters()):
                    a.lerp_(p, 1 - keep)
        for name, part in (("world", world_loss), ("actor", actor_loss)):
            shown[name] = 0.99 * shown.get(name, part.item()) + 0.01 * part.item()
        if (step + 1) % 1000 == 0:
            log(
                f"step {step + 1}/{recipe.steps}  world {shown['world']:.4f}"
                f"  actor {shown['actor']:.4f}  {time.time() - started:.0f} s"
            )
    return averages[0].eval(), averages[1].eval(), code, stats


def committed(spec: Spec, chunk: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The first actions of normalised chunks, as many as some delay would commit, and which rows those are.

    The delay is drawn anew for each chunk, as in training-time action conditioning for real-time
    chunking (Black et al., 2025, arXiv:2512.05964).
    """
    steps = torch.randint(spec.prefix + 1, (len(chunk), 1))
    mask = (torch.arange(spec.prefix) < steps).float()
    return chunk[:, : spec.prefix] * mask[..., None], mask


def _pictures(spec: Spec, data: Data, which: np.ndarray) -> list[torch.Tensor]:
    """Tensors of some pictures, a little off as another camera's would be, in the order of spec.images."""
    parts = []
    for camera, image in enumerate(spec.images):
        values = images.batch(data.pictures[camera][which], image)
        parts.append(values + PICTURE_NOISE * image.span * torch.randn_like(values))
    return parts


def ranges(data: Data, limits, margin: float = 0.05) -> list[tuple[float, float]]:
    """What each joint was told in the demonstrations, and `margin` of that more, within its limits."""
    low, high = data.chunk.min((0, 1)), data.chunk.max((0, 1))
    spare = margin * (high - low)
    return [
        (float(max(a - s, p)), float(min(b + s, q)))
        for a, b, s, (p, q) in zip(low, high, spare, limits)
    ]


def _noise(spec: Spec) -> np.ndarray:
    sigma = []
    for feature in spec.observation:
        kind = feature.source.split(":")[0]
        for i in range(feature.size):
            finger = kind.startswith("joint") and spec.joints[i][1] == "m"
            sigma.append(FINGER_NOISE if finger else NOISE[kind])
    return np.array(sigma)

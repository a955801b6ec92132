"""Writes what PyTorch does in 100 optimizer steps, for tests that need no Python.

For an MLP and a transformer block: the trainable form, one fixed
batch, and the loss before each step for Adam, AdamW and SGD. Needs torch, onnx and numpy.

    python3 adam_goldens.py ../../src/test/resources/dev/forearm/models/train
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from forearm_export.trainable import trainable_graph  # noqa: E402

STEPS = 100


class Block(nn.Module):
    """A pre-norm transformer block, attention written out."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        per_head = width // self.heads
        qkv = self.qkv(self.norm1(x)).reshape(batch, tokens, 3, self.heads, per_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-1, -2) / per_head**0.5, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(nn.functional.gelu(self.up(self.norm2(x))))


def mlp():
    return nn.Sequential(
        nn.Linear(12, 48), nn.Tanh(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 5)
    ), torch.randn(32, 12)


def block():
    return Block(32, 4, 64), torch.randn(4, 8, 32)


OPTIMIZERS = {
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=0.01),
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9, nesterov=True, weight_decay=1e-3),
}


def losses(module, x, y, optimizer, clip):
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = ((module(x) - y) ** 2).mean()
        loss.backward()
        if clip:
            nn.utils.clip_grad_norm_(module.parameters(), clip)
        optimizer.step()
        found.append(loss.item())
    found.append(((module(x) - y) ** 2).mean().item())
    return np.array(found)


def write(folder, name, make):
    torch.manual_seed(7)
    module, x = make()
    y = torch.randn_like(module(x))
    start = {k: v.clone() for k, v in module.state_dict().items()}
    onnx.save(trainable_graph(module, {"x": x}), folder / f"{name}.onnx")
    arrays = {"x": x.numpy(), "target": y.numpy()}
    for kind, make_optimizer in OPTIMIZERS.items():
        for clip in (0, 0.02):
            module.load_state_dict(start)
            key = f"loss.{kind}" + (".clipped" if clip else "")
            arrays[key] = losses(module, x, y, make_optimizer(module.parameters()), clip)
    np.savez(folder / f"{name}.npz", **arrays)


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(target, "mlp", mlp)
    write(target, "block", block)

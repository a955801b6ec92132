"""The peer of the train benchmark: PyTorch eager on the same models, batches and threads.

    python3 train_peer.py FOLDER THREADS

Writes NAME.onnx (every parameter an initializer under its own name) and NAME.npz (keys `in.x`, `target`, `loss`
and `grad.PARAMETER`, gradients in float64) for each model and says `ready NAME PARAMETERS TRAINABLE`. Then, for
every line `NAME STEPS` on standard input, takes that many Adam steps and answers with CPU milliseconds a step.
"""

import copy
import logging
import pathlib
import sys
import time
import warnings

import numpy as np
import onnx
import torch
from torch import nn

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)


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


class Residual(nn.Module):
    def __init__(self, inside, outside, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.shortcut = nn.Identity()
        if stride > 1 or inside != outside:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.shortcut(x))


class ResNet18(nn.Module):
    """He et al. 2016, frozen batch norm, the last block and the head apart."""

    def __init__(self, outputs):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        )
        widths = [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2)]
        self.body = nn.Sequential(*[Residual(*w) for w in widths])
        self.last = Residual(512, 512, 1)
        self.head = nn.Linear(512, outputs)

    def forward(self, x):
        return self.head(self.last(self.body(self.stem(x))).mean((2, 3)))


def mlp():
    layers = nn.Sequential(
        nn.Linear(64, 256), nn.Tanh(), nn.Linear(256, 240), nn.Tanh(), nn.Linear(240, 24)
    )
    return layers, torch.randn(256, 64), lambda name: True


def transformer():
    return Block(128, 4, 536), torch.randn(16, 32, 128), lambda name: True


def resnet():
    return ResNet18(10), torch.randn(8, 3, 96, 96), lambda name: name.startswith(("last.", "head."))


def reference(module, trained, x, y):
    double = copy.deepcopy(module).double()
    parameters = {n: p for n, p in double.named_parameters() if n in trained}
    loss = ((double(x.double()) - y.double()) ** 2).mean()
    gradients = torch.autograd.grad(loss, list(parameters.values()))
    arrays = {"in.x": x.numpy(), "target": y.numpy(), "loss": loss.detach().numpy()}
    arrays.update({f"grad.{n}": g.numpy() for n, g in zip(parameters, gradients)})
    return arrays


class Peer:
    def __init__(self, folder, name, make):
        torch.manual_seed(11)
        self.module, self.x, trainable = make()
        self.module.eval()
        for n, p in self.module.named_parameters():
            p.requires_grad_(trainable(n))
        trained = [n for n, p in self.module.named_parameters() if p.requires_grad]
        self.y = torch.randn_like(self.module(self.x))
        program = torch.onnx.export(
            self.module,
            (self.x,),
            dynamo=True,
            optimize=False,
            verbose=False,
            opset_version=20,
            input_names=["x"],
            output_names=["y"],
        )
        onnx.save(program.model_proto, folder / f"{name}.onnx")
        np.savez(folder / f"{name}.npz", **reference(self.module, trained, self.x, self.y))
        self.adam = torch.optim.Adam([p for p in self.module.parameters() if p.requires_grad], lr=1e-4)
        total = sum(p.numel() for p in self.module.parameters())
        count = sum(p.numel() for p in self.module.parameters() if p.requires_grad)
        print("ready", name, total, count, flush=True)

    def step(self):
        self.adam.zero_grad()
        loss = ((self.module(self.x) - self.y) ** 2).mean()
        loss.backward()
        self.adam.step()

    def cpu_ms(self, steps):
        start = time.process_time()
        for _ in range(steps):
            self.step()
        return (time.process_time() - start) / steps * 1e3


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    target = pathlib.Path(sys.argv[1])
    makers = {"mlp": mlp, "transformer": transformer, "resnet": resnet}
    peers = {n: Peer(target, n, m) for n, m in makers.items()}
    print("all ready", flush=True)
    for line in sys.stdin:
        model, steps = line.split()
        print(peers[model].cpu_ms(int(steps)), flush=True)

"""Golden gradients of whole policies: tiny, random weights, exported for training, PyTorch in float64.

usage: python policies.py OUT_FOLDER [--graphs] [NAME ...]

Writes one NAME.npz a policy with the keys of forearm_export.trainable.gradient_probe and `model`, the ONNX bytes as uint8; with --graphs NAME.onnx too.
Gradients are rounded to float32 to keep the files small. Each is the family's published architecture in small.
"""
import io
import math
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from forearm_export import trainable  # noqa: E402

# Exported with a batch of any size; the others with the batch of their example.
OPEN_BATCH = {"exporter_hazards", "diffusion_transformer", "act", "diffusion_unet", "flow_expert", "smolvla_block", "tdmpc2", "sac_actor", "resnet18", "resnet_policy"}


class BasicBlock(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
        self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.down = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b)) if stride > 1 or a != b else None

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))


class ResNet18(nn.Module):
    """ResNet-18 with batch norm."""

    def __init__(self, width=3, out=8):
        super().__init__()
        w = width
        self.conv1, self.bn1 = nn.Conv2d(3, w, 7, 2, 3, bias=False), nn.BatchNorm2d(w)
        self.pool = nn.MaxPool2d(3, 2, 1)
        sizes = [(w, w, 1), (w, w, 1), (w, 2 * w, 2), (2 * w, 2 * w, 1), (2 * w, 4 * w, 2), (4 * w, 4 * w, 1), (4 * w, 8 * w, 2), (8 * w, 8 * w, 1)]
        self.blocks = nn.Sequential(*[BasicBlock(*s) for s in sizes])
        self.fc = nn.Linear(8 * w, out)

    def features(self, x):
        return self.blocks(self.pool(F.relu(self.bn1(self.conv1(x)))))

    def forward(self, image):
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(self.features(image), 1), 1))


class Act(nn.Module):
    """ACT: CVAE encoder over the action chunk, transformer over image features, action queries."""

    def __init__(self, d=16, chunk=4, action=3, state=5, latent=4):
        super().__init__()
        self.latent = latent
        self.cls = nn.Parameter(torch.randn(1, 1, d))
        self.act_in, self.state_in = nn.Linear(action, d), nn.Linear(state, d)
        layer = lambda kind: kind(d, 2, 32, 0.1, batch_first=True)
        self.vae = nn.TransformerEncoder(layer(nn.TransformerEncoderLayer), 1, enable_nested_tensor=False)
        self.to_latent, self.from_latent = nn.Linear(d, 2 * latent), nn.Linear(latent, d)
        self.conv = nn.Conv2d(3, d, 5, 4, 2)
        self.norm = nn.GroupNorm(4, d)
        self.register_buffer("position", torch.randn(1, 18, d) * 0.1)
        self.encoder = nn.TransformerEncoder(layer(nn.TransformerEncoderLayer), 1, enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(layer(nn.TransformerDecoderLayer), 1)
        self.queries = nn.Embedding(chunk, d)
        self.head = nn.Linear(d, action)

    def forward(self, state, image, actions, noise):
        b = state.shape[0]
        tokens = torch.cat([self.cls.expand(b, -1, -1), self.state_in(state)[:, None], self.act_in(actions)], 1)
        mu, logvar = self.to_latent(self.vae(tokens)[:, 0]).chunk(2, -1)
        z = mu + torch.exp(0.5 * logvar) * noise
        pixels = F.relu(self.norm(self.conv(image))).flatten(2).transpose(1, 2)
        memory = torch.cat([self.from_latent(z)[:, None], self.state_in(state)[:, None], pixels], 1)
        memory = self.encoder(memory + self.position)
        queries = self.queries.weight[None].expand(b, -1, -1)
        return self.head(self.decoder(queries, memory))


class Hazards(nn.Module):
    """What exporters lose: tied weights, layers that start equal, detach in both spellings, no_grad, frozen and unread weights."""

    def __init__(self, d=6, vocabulary=7):
        super().__init__()
        self.embed, self.head = nn.Embedding(vocabulary, d), nn.Linear(d, vocabulary, bias=False)
        self.head.weight = self.embed.weight
        self.one, self.two = nn.Linear(d, d), nn.Linear(d, d)
        self.two.load_state_dict(self.one.state_dict())
        self.norm, self.drop = nn.BatchNorm1d(d), nn.Dropout(0.5)
        self.target, self.frozen, self.unread = nn.Linear(d, d), nn.Linear(d, d).requires_grad_(False), nn.Linear(2, 2)

    def forward(self, tokens, x):
        h = self.drop(self.norm(F.relu(self.one(x)))) + self.two(x.detach()) + self.embed(tokens)
        with torch.no_grad():
            t = self.target(h)
        return self.head(self.frozen(h) + torch.detach(self.one(h)) + t - self.two(h).detach())


def sinusoid(t, d):
    freqs = torch.exp(torch.arange(d // 2, device=t.device, dtype=t.dtype) * (-math.log(10000) / (d // 2 - 1)))
    a = t[:, None] * freqs
    return torch.cat([a.sin(), a.cos()], -1)


class ResidualBlock1d(nn.Module):
    def __init__(self, a, b, cond):
        super().__init__()
        block = lambda i: nn.Sequential(nn.Conv1d(i, b, 5, padding=2), nn.GroupNorm(2, b), nn.Mish())
        self.one, self.two = block(a), block(b)
        self.cond = nn.Sequential(nn.Mish(), nn.Linear(cond, 2 * b))
        self.skip = nn.Conv1d(a, b, 1) if a != b else nn.Identity()

    def forward(self, x, c):
        scale, bias = self.cond(c)[..., None].chunk(2, 1)
        return self.two(self.one(x) * scale + bias) + self.skip(x)


class DiffusionUnet(nn.Module):
    """Diffusion Policy's conditional 1-d U-Net."""

    def __init__(self, action=3, cond=6, d=8):
        super().__init__()
        self.step = nn.Sequential(nn.Linear(8, 16), nn.Mish(), nn.Linear(16, 8))
        c = 8 + cond
        self.down1, self.shrink = ResidualBlock1d(action, d, c), nn.Conv1d(d, d, 3, 2, 1)
        self.down2, self.mid = ResidualBlock1d(d, 2 * d, c), ResidualBlock1d(2 * d, 2 * d, c)
        self.up, self.grow = ResidualBlock1d(4 * d, d, c), nn.ConvTranspose1d(d, d, 4, 2, 1)
        self.last = nn.Sequential(nn.Conv1d(2 * d, d, 5, padding=2), nn.GroupNorm(2, d), nn.Mish(), nn.Conv1d(d, action, 1))

    def forward(self, sample, timestep, condition):
        x = sample.transpose(1, 2)
        c = torch.cat([self.step(sinusoid(timestep, 8)), condition], -1)
        a = self.down1(x, c)
        b = self.down2(self.shrink(a), c)
        m = self.mid(b, c)
        u = self.grow(self.up(torch.cat([m, b], 1), c))
        return self.last(torch.cat([u, a], 1)).transpose(1, 2)


class DiffusionTransformer(nn.Module):
    """Diffusion Policy's transformer: a decoder with a causal mask over actions and one over its memory."""

    def __init__(self, action=3, obs=5, steps=5, seen=2, d=8):
        super().__init__()
        self.act, self.obs = nn.Linear(action, d), nn.Linear(obs, d)
        self.place, self.memory_place = nn.Parameter(torch.randn(1, steps, d) * 0.1), nn.Parameter(torch.randn(1, seen + 1, d) * 0.1)
        self.encode = nn.Sequential(nn.Linear(d, 2 * d), nn.Mish(), nn.Linear(2 * d, d))
        layer = nn.TransformerDecoderLayer(d, 2, 2 * d, 0.1, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, 2)
        future = lambda rows, columns: torch.full((rows, columns), float("-inf"))
        self.register_buffer("mask", torch.triu(future(steps, steps), 1))
        self.register_buffer("memory_mask", torch.triu(future(steps, seen + 1), 2))
        self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, action)

    def forward(self, sample, timestep, obs):
        step = sinusoid(timestep, self.act.out_features)[:, None]
        memory = self.encode(torch.cat([step, self.obs(obs)], 1) + self.memory_place)
        x = self.decoder(self.act(sample) + self.place, memory, tgt_mask=self.mask, memory_mask=self.memory_mask)
        return self.head(self.norm(x))


class RmsNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d) + 0.1 * torch.randn(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def rotary(x, base=10000.0):
    d, n = x.shape[-1], x.shape[-2]
    inv = base ** (-torch.arange(0, d, 2, dtype=x.dtype) / d)
    angle = torch.arange(n, dtype=x.dtype)[:, None] * inv
    c, s = torch.cat([angle.cos()] * 2, -1), torch.cat([angle.sin()] * 2, -1)
    a, b = x.chunk(2, -1)
    return x * c + torch.cat([-b, a], -1) * s


class GqaBlock(nn.Module):
    """SmolVLM's block: RMS norm, rotary grouped-query attention, SwiGLU."""

    def __init__(self, d=16, heads=4, kv=2, hidden=24):
        super().__init__()
        self.h, self.kv, self.hd = heads, kv, d // heads
        self.n1, self.n2 = RmsNorm(d), RmsNorm(d)
        self.q, self.k, self.v = nn.Linear(d, d, False), nn.Linear(d, kv * self.hd, False), nn.Linear(d, kv * self.hd, False)
        self.o = nn.Linear(d, d, False)
        self.gate, self.upp, self.down = nn.Linear(d, hidden, False), nn.Linear(d, hidden, False), nn.Linear(hidden, d, False)

    def forward(self, x, mask=None, context=None):
        b, n, _ = x.shape
        y = self.n1(x)
        source = y if context is None else context
        split = lambda t, h: t.view(b, t.shape[1], h, self.hd).transpose(1, 2)
        q, k, v = rotary(split(self.q(y), self.h)), rotary(split(self.k(source), self.kv)), split(self.v(source), self.kv)
        k, v = (t.repeat_interleave(self.h // self.kv, 1) for t in (k, v))
        s = (q @ k.transpose(-1, -2)) * self.hd ** -0.5
        if mask is not None:
            s = torch.where(mask, s, torch.finfo(s.dtype).min)
        x = x + self.o((s.softmax(-1) @ v).transpose(1, 2).reshape(b, n, -1))
        y = self.n2(x)
        return x + self.down(F.silu(self.gate(y)) * self.upp(y))


class SmolVlaBlock(nn.Module):
    def __init__(self, d=16, vocabulary=20):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, d)
        self.patch = nn.Conv2d(3, d, 4, 4)
        self.blocks = nn.ModuleList([GqaBlock(d), GqaBlock(d)])
        self.norm = RmsNorm(d)
        self.head = nn.Linear(d, 6)

    def forward(self, tokens, image):
        x = torch.cat([self.patch(image).flatten(2).transpose(1, 2), self.embed(tokens) * 4.0], 1)
        n = x.shape[1]
        mask = torch.tril(torch.ones(n, n, dtype=torch.bool))
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))


class FlowExpert(nn.Module):
    """A flow-matching action expert that attends to a frozen context."""

    def __init__(self, d=16, action=4, horizon=5):
        super().__init__()
        self.action_in = nn.Linear(action, d)
        self.time = nn.Sequential(nn.Linear(2 * d, d), nn.SiLU(), nn.Linear(d, d))
        self.self_block, self.cross = GqaBlock(d), GqaBlock(d)
        self.norm, self.out = nn.LayerNorm(d), nn.Linear(d, action)

    def forward(self, noisy, t, context):
        x = self.action_in(noisy)
        e = sinusoid(t, x.shape[-1])[:, None].expand(-1, x.shape[1], -1)
        x = self.time(torch.cat([x, e], -1))
        x = self.cross(self.self_block(x), context=context.detach())
        return self.out(self.norm(x))


def simnorm(x, groups=4):
    return x.view(*x.shape[:-1], -1, groups).softmax(-1).view(*x.shape)


class NormedLinear(nn.Module):
    def __init__(self, a, b, act):
        super().__init__()
        self.linear, self.ln, self.act = nn.Linear(a, b), nn.LayerNorm(b), act

    def forward(self, x):
        return self.act(self.ln(self.linear(x)))


class Tdmpc2(nn.Module):
    """TD-MPC2: encoder, latent dynamics, reward, policy, ensemble of Q with two-hot values."""

    def __init__(self, obs=6, action=3, d=16, bins=11, ensemble=3):
        super().__init__()
        self.encoder = nn.Sequential(NormedLinear(obs, d, nn.Mish()), NormedLinear(d, d, simnorm))
        self.dynamics = nn.Sequential(NormedLinear(d + action, d, nn.Mish()), NormedLinear(d, d, simnorm))
        self.reward = nn.Sequential(NormedLinear(d + action, d, nn.Mish()), nn.Linear(d, bins))
        self.policy = nn.Sequential(NormedLinear(d, d, nn.Mish()), nn.Linear(d, 2 * action))
        self.q1 = nn.Parameter(torch.randn(ensemble, d + action, d) * 0.3)
        self.q2 = nn.Parameter(torch.randn(ensemble, d, bins) * 0.3)
        self.register_buffer("bins", torch.linspace(-2, 2, bins))

    def value(self, logits):
        x = (logits.softmax(-1) * self.bins).sum(-1)
        return torch.sign(x) * (torch.exp(torch.abs(x)) - 1)

    def forward(self, obs, actions, noise):
        z, total = self.encoder(obs), 0.0
        for i in range(2):
            za = torch.cat([z, actions[:, i]], -1)
            total = total + 0.99 ** i * self.value(self.reward(za))
            z = self.dynamics(za)
        mu, log_std = self.policy(z).chunk(2, -1)
        log_std = -5 + 3.5 * (torch.tanh(log_std) + 1)
        a = torch.tanh(mu + noise * log_std.exp())
        za = torch.cat([z, a], -1)
        q = torch.einsum("ebd,edk->ebk", F.mish(torch.einsum("bi,eid->ebd", za, self.q1)), self.q2)
        return torch.cat([(total + self.value(q).amin(0))[:, None], z, a], -1)


class SacActor(nn.Module):
    def __init__(self, obs=8, action=3, d=24):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(obs, d), nn.LayerNorm(d), nn.Tanh(), nn.Linear(d, d), nn.ReLU())
        self.mean, self.std = nn.Linear(d, action), nn.Linear(d, action)

    def forward(self, obs, noise):
        h = self.net(obs)
        log_std = self.std(h).clamp(-5, 2)
        u = self.mean(h) + log_std.exp() * noise
        a = torch.tanh(u)
        logp = (-0.5 * noise ** 2 - log_std - 0.5 * math.log(2 * math.pi)).sum(-1, keepdim=True)
        logp = logp - (2 * (math.log(2) - u - F.softplus(-2 * u))).sum(-1, keepdim=True)
        return torch.cat([a, logp], -1)


class Rssm(nn.Module):
    """Dreamer's recurrent state-space model with discrete latents and straight-through samples."""

    def __init__(self, obs=6, action=2, d=16, groups=3, classes=4):
        super().__init__()
        self.g, self.c = groups, classes
        stoch = groups * classes
        self.inp = nn.Sequential(nn.Linear(stoch + action, d), nn.ELU())
        self.cell = nn.GRUCell(d, d)
        self.prior, self.post = nn.Linear(d, stoch), nn.Linear(d + obs, stoch)
        self.decode = nn.Sequential(nn.Linear(d + stoch, d), nn.ELU(), nn.Linear(d, obs))

    def sample(self, logits, gumbel):
        p = logits.view(-1, self.g, self.c).softmax(-1)
        p = 0.99 * p + 0.01 / self.c
        hard = F.one_hot((p.log() + gumbel).argmax(-1), self.c).to(p.dtype)
        return (hard + p - p.detach()).flatten(1)

    def forward(self, obs, actions, gumbel):
        h = torch.zeros(obs.shape[0], self.cell.hidden_size, dtype=obs.dtype)
        s = torch.zeros(obs.shape[0], self.g * self.c, dtype=obs.dtype)
        outs = []
        for t in range(obs.shape[1]):
            h = self.cell(self.inp(torch.cat([s, actions[:, t]], -1)), h)
            prior = self.prior(h).view(-1, self.g, self.c).log_softmax(-1)
            post = self.post(torch.cat([h, obs[:, t]], -1))
            s = self.sample(post, gumbel[:, t])
            logpost = post.view(-1, self.g, self.c).log_softmax(-1)
            kl = (logpost.exp() * (logpost - prior)).sum((-1, -2))
            outs.append(torch.cat([self.decode(torch.cat([h, s], -1)), kl[:, None]], -1))
        return torch.stack(outs, 1)


class GruWorld(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(7, 12, 2, batch_first=True)
        self.head = nn.Linear(12, 5)

    def forward(self, sequence):
        return self.head(self.gru(sequence)[0])


class LstmWorld(nn.Module):
    """World model with an LSTM and a mixture density head, as in World Models."""

    def __init__(self, mixtures=3, out=4):
        super().__init__()
        self.lstm = nn.LSTM(7, 12, batch_first=True, bidirectional=False)
        self.head = nn.Linear(12, mixtures * (2 * out + 1))
        self.m, self.o = mixtures, out

    def forward(self, sequence, target_state):
        h = self.head(self.lstm(sequence)[0])
        pi, mu, log_sigma = h.split([self.m, self.m * self.o, self.m * self.o], -1)
        mu, log_sigma = (x.unflatten(-1, (self.m, self.o)) for x in (mu, log_sigma.clamp(-4, 2)))
        z = (target_state[..., None, :] - mu) * torch.exp(-log_sigma)
        logp = (-0.5 * z * z - log_sigma).sum(-1) + pi.log_softmax(-1)
        return torch.logsumexp(logp, -1)


class VqBet(nn.Module):
    """VQ-BeT: residual VQ of an action chunk with straight-through codes, and a small GPT over observations."""

    def __init__(self, obs=6, action=3, chunk=4, d=16, codes=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(action * chunk, d), nn.GELU(), nn.Linear(d, d))
        self.dec = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.Linear(d, action * chunk))
        self.book = nn.ParameterList([nn.Parameter(torch.randn(codes, d)) for _ in range(2)])
        self.tok, self.pos = nn.Linear(obs, d), nn.Embedding(5, d)
        self.ln1, self.ln2, self.qkv, self.proj = nn.LayerNorm(d), nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(approximate="tanh"), nn.Linear(2 * d, d))
        self.head, self.offset = nn.Linear(d, 2 * codes), nn.Linear(d, action * chunk)

    def quantise(self, x):
        residual, total, commit = x, 0.0, 0.0
        for book in self.book:
            distance = (residual[:, None] - book[None]).pow(2).sum(-1)
            q = book[distance.argmin(-1)]
            commit = commit + (residual - q.detach()).pow(2).mean(-1) + (residual.detach() - q).pow(2).mean(-1)
            total = total + residual + (q - residual).detach()
            residual = residual - q.detach()
        return total, commit

    def forward(self, obs, actions):
        code, commit = self.quantise(self.enc(actions.flatten(1)))
        rebuilt = self.dec(code)
        n = obs.shape[1]
        x = self.tok(obs) + self.pos(torch.arange(n))[None]
        q, k, v = self.qkv(self.ln1(x)).unflatten(-1, (3, 2, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).flatten(2))
        x = x + self.mlp(self.ln2(x))
        last = x[:, -1]
        return torch.cat([rebuilt + self.offset(last), self.head(last).log_softmax(-1), commit[:, None]], -1)


class ResNetPolicy(nn.Module):
    """Last-block fine-tune as in diffusion policies: ResNet with group norm and spatial softmax."""

    def __init__(self, c=8):
        super().__init__()
        self.conv1, self.gn1 = nn.Conv2d(3, c, 5, 2, 2), nn.GroupNorm(2, c)
        self.conv2, self.gn2 = nn.Conv2d(c, c, 3, 1, 1, groups=2), nn.GroupNorm(2, c)
        self.up = nn.ConvTranspose2d(c, c, 4, 2, 1)
        self.depth = nn.Conv2d(c, c, 3, 1, 2, dilation=2)
        self.head = nn.Linear(2 * c, 4)

    def forward(self, image):
        x = F.silu(self.gn1(self.conv1(image)))
        x = x + F.hardswish(self.gn2(self.conv2(F.leaky_relu(x))))
        x = F.interpolate(self.up(F.avg_pool2d(x, 2)), scale_factor=2.0, mode="bilinear", align_corners=False)
        x = F.max_pool2d(F.elu(self.depth(x)), 2)
        b, c, h, w = x.shape
        p = x.flatten(2).softmax(-1).view(b, c, h, w)
        xs = (p.sum(2) * torch.linspace(-1, 1, w, dtype=x.dtype)).sum(-1)
        ys = (p.sum(3) * torch.linspace(-1, 1, h, dtype=x.dtype)).sum(-1)
        return self.head(torch.cat([xs, ys], -1))


def policies():
    r = torch.randn
    return {
        "act": (Act, {"state": r(2, 5), "image": r(2, 3, 16, 16), "actions": r(2, 4, 3), "noise": r(2, 4)}),
        "diffusion_unet": (DiffusionUnet, {"sample": r(2, 8, 3), "timestep": torch.tensor([3.0, 17.0]), "condition": r(2, 6)}),
        "diffusion_transformer": (DiffusionTransformer, {"sample": r(2, 5, 3), "timestep": torch.tensor([3.0, 17.0]), "obs": r(2, 2, 5)}),
        "exporter_hazards": (Hazards, {"tokens": torch.randint(0, 7, (4,)), "x": r(4, 6)}),
        "flow_expert": (FlowExpert, {"noisy": r(2, 5, 4), "t": torch.rand(2), "context": r(2, 7, 16)}),
        "smolvla_block": (SmolVlaBlock, {"tokens": torch.randint(0, 20, (2, 6)), "image": r(2, 3, 8, 8)}),
        "tdmpc2": (Tdmpc2, {"obs": r(4, 6), "actions": r(4, 2, 3), "noise": r(4, 3)}),
        "sac_actor": (SacActor, {"obs": r(5, 8), "noise": r(5, 3)}),
        "rssm": (Rssm, {"obs": r(3, 3, 6), "actions": r(3, 3, 2), "gumbel": r(3, 3, 3, 4)}),
        "gru_world": (GruWorld, {"sequence": r(2, 5, 7)}),
        "lstm_world": (LstmWorld, {"sequence": r(2, 5, 7), "target_state": r(2, 5, 4)}),
        "vq_bet": (VqBet, {"obs": r(3, 5, 6), "actions": r(3, 4, 3)}),
        "resnet18": (ResNet18, {"image": r(2, 3, 32, 32)}),
        "resnet_policy": (ResNetPolicy, {"image": r(2, 3, 16, 16)}),
    }


def elsewhere(kind, module, inputs):
    """The graph as people export it who do not know of our exporter: every parameter keeps its name."""
    if kind == "torchscript":
        buffer = io.BytesIO()
        torch.onnx.export(module, tuple(inputs.values()), buffer, dynamo=False, opset_version=13, input_names=list(inputs),
                          do_constant_folding=False, dynamic_axes={name: {0: "batch"} for name in inputs})
        return onnx.load_from_string(buffer.getvalue())
    return torch.onnx.export(module, tuple(inputs.values()), dynamo=True, optimize=False, verbose=False, opset_version=20,
                             input_names=list(inputs)).model_proto


# Golden: the policy it shows, and how that was exported.
ELSEWHERE = {
    "tdmpc2_torchscript": ("tdmpc2", "torchscript"),
    "sac_actor_torchscript": ("sac_actor", "torchscript"),
    "gru_world_torchscript": ("gru_world", "torchscript"),
    "lstm_world_unoptimised": ("lstm_world", "unoptimised"),
    "smolvla_block_unoptimised": ("smolvla_block", "unoptimised"),
}


def seeded(build):
    torch.manual_seed(1)
    module = build().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            if build is not Hazards:  # there, what starts equal must stay equal
                parameter.add_(0.05 * torch.randn_like(parameter))
        for key, buffer in module.named_buffers():
            if key.endswith("running_mean"):
                buffer.copy_(0.1 * torch.randn_like(buffer))
            if key.endswith("running_var"):
                buffer.copy_(1 + 0.3 * torch.rand_like(buffer))
    return module


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    made = policies()
    operators = set()
    wanted = [name for name in sys.argv[2:] if name != "--graphs"]
    for name in [*made, *ELSEWHERE]:
        policy, kind = ELSEWHERE.get(name, (name, "trainable"))
        build, inputs = made[policy]
        if wanted and name not in wanted:
            continue
        module = seeded(build)
        if kind == "trainable":
            opset = 23 if name == "flow_expert" else 18 if name == "sac_actor" else 20
            proto = trainable.trainable_graph(module, inputs, dynamic_batch=name in OPEN_BATCH, opset=opset)
        else:
            proto = elsewhere(kind, module, inputs)
            trainable.strip(proto)
        probe = trainable.gradient_probe(module, inputs)
        arrays = {k: v.astype(np.float32) if k.startswith("grad.") else v for k, v in probe.items()}
        arrays["model"] = np.frombuffer(proto.SerializeToString(), np.uint8)
        np.savez_compressed(out / f"{name}.npz", **arrays)
        if "--graphs" in sys.argv:
            onnx.save(proto, out / f"{name}.onnx")
        ops = {n.op_type for n in proto.graph.node}
        operators |= ops
        print(name, len(proto.graph.node), "nodes", sum(p.numel() for p in module.parameters()), "parameters", sorted(ops))
    print(len(operators), "operators")


main()

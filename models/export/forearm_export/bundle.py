"""Packs graphs, weights, statistics, probe and manifest into a bundle folder."""

from __future__ import annotations

import hashlib
import json
import pathlib
import struct

import numpy as np
import onnx
import torch
import yaml
from safetensors.numpy import save

from . import graphs, model, train
from . import trainable as trainable_form
from .files import padded, sums
from .probe import probe
from .scaling import scalings
from .spec import Spec

WEIGHTS = "weights.safetensors"


def weight_places(content: bytes) -> dict[str, tuple[int, int]]:
    """Offset in the file and length of every tensor of a safetensors file."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: (8 + length + entry["data_offsets"][0], entry["data_offsets"][1] - entry["data_offsets"][0])
        for name, entry in header.items()
    }


def _float_list(values) -> list[float]:
    return [float(np.format_float_scientific(v, precision=8)) for v in np.asarray(values).ravel()]


def write(
    out: pathlib.Path,
    *,
    name: str,
    task: str,
    spec: Spec,
    robot: dict,
    weights: dict[str, np.ndarray],
    encoding: graphs.Encoding,
    hidden: tuple[int, int],
    stats: dict[str, tuple[np.ndarray, np.ndarray]],
    probe_observation: np.ndarray,  # physical
    probe_images: dict[str, np.ndarray],
    ranges: list[tuple[float, float]],
    made_by: dict[str, str],
    trainable: bool = True,
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    content = padded(save({k: np.ascontiguousarray(v, np.float32) for k, v in weights.items()}))
    (out / WEIGHTS).write_bytes(content)
    places = weight_places(content)
    halves = {
        "world_model": graphs.world_model(spec, weights, encoding, hidden[0]),
        "actor": graphs.actor(spec, weights, hidden[1]),
    }
    manifest_graphs = {}
    for half, (builder, inputs, outputs) in halves.items():
        graph = builder.model(inputs, outputs, places, WEIGHTS)
        manifest_graphs[half] = {"file": f"{half}.onnx"}
        onnx.save(graph, out / f"{half}.onnx")
        if trainable:  # nothing was folded, so the graph that runs can be trained as it is
            manifest_graphs[half]["train_file"] = f"{half}.train.onnx"
            onnx.save(graph, out / f"{half}.train.onnx")
            manifest_graphs[half]["gradients"] = f"{half}.gradients.safetensors"
        if half == "actor" and spec.prefix:
            manifest_graphs[half]["prefix"] = spec.prefix
        onnx.checker.check_model(str(out / f"{half}.onnx"), full_check=True)
    if trainable:
        checkpoint = {"weights_sha256": hashlib.sha256(content).hexdigest()}
        seen = scalings(spec, stats)["observation"].normalise(None, probe_observation)
        for half, arrays in _gradients(spec, weights, encoding, hidden, seen, probe_images).items():
            file = out / f"{half}.gradients.safetensors"
            file.write_bytes(padded(save(arrays, metadata=checkpoint)))
    arrays = probe(out, spec, stats, probe_observation, probe_images)
    (out / "probe.safetensors").write_bytes(padded(save(arrays)))
    (out / "stats.json").write_text(
        json.dumps(
            {k: {"mean": _float_list(m), "std": _float_list(s)} for k, (m, s) in stats.items()}
        )
        + "\n"
    )
    manifest = _manifest(name, task, spec, robot, manifest_graphs, ranges, made_by)
    (out / "bundle.yaml").write_text(
        yaml.safe_dump(manifest, sort_keys=False, default_flow_style=None, width=110)
    )
    sums(out)


def _gradients(spec, weights, encoding, hidden, observation, images) -> dict[str, dict[str, np.ndarray]]:
    """For each half, gradients in float64 at points around an observation: what training has to find."""
    world, actor = model.rebuilt(spec, encoding, weights, hidden)
    random = np.random.default_rng(0)
    batch = 1 if images else 4  # pictures are large
    noise = random.normal(0, 0.5, (batch, len(observation)))
    seen = torch.tensor(observation + noise, dtype=torch.float32)
    pictures = {
        name: torch.tensor(values + random.normal(0, 0.05, (batch, *values.shape)), dtype=torch.float32)
        for name, values in images.items()
    }
    own = seen[:, spec.places(spec.proprioception)]
    with torch.no_grad():
        imagined = world(seen, *pictures.values())
    told = {}
    if spec.prefix:
        chunk = random.normal(0, 1, (batch, spec.chunk_steps, len(spec.joints)))
        rows = train.committed(spec, torch.tensor(chunk, dtype=torch.float32))
        told = dict(zip(("prefix", "prefix_mask"), rows))
    names = {v: k for k, v in model.ACTOR_NAMES.items()}

    def probe(module, inputs):
        arrays = trainable_form.gradient_probe(module, inputs)
        named = {k: names.get(k.removeprefix("grad."), None) for k in arrays}
        return {f"grad.{n}" if n else k: np.ascontiguousarray(arrays[k]) for k, n in named.items()}

    return {
        "world_model": probe(world, {"observation": seen, **pictures}),
        "actor": probe(actor, {"proprioception": own, "imagined": imagined, **told}),
    }


def _manifest(name, task, spec, robot, manifest_graphs, ranges, made_by) -> dict:
    return {
        "format": 2,
        "name": name,
        "task": task,
        "robot": {"name": robot["name"], "workspace": robot["workspace"]},
        "rates_hz": {"policy": spec.policy_hz, "control": spec.control_hz},
        "observation": [
            {"name": f.name, "source": f.source, "shape": [f.size], "dtype": "float32", "unit": f.unit}
            for f in spec.observation
        ]
        + [image.manifest() for image in spec.images],
        "proprioception": list(spec.proprioception),
        "imagination": {
            "features": list(spec.imagined),
            "frame_steps": list(spec.frame_steps),
            "relative_to": "observation",
        },
        "action": {
            "joints": [
                {"name": n, "unit": u, "range": [round(float(v), 5) for v in r]}
                for (n, u), r in zip(spec.joints, ranges)
            ],
            "chunk_steps": spec.chunk_steps,
            "relative_to": "joint_position",
        },
        "graphs": manifest_graphs,
        "weights": WEIGHTS,
        "statistics": "stats.json",
        "probe": "probe.safetensors",
        "made_by": {k: str(v) for k, v in made_by.items()},
    }


def sign(folder: pathlib.Path, key_file: pathlib.Path) -> None:
    """Signs SHA256SUMS with an Ed25519 private key (PEM, PKCS#8) into `signature`."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(key_file.read_bytes(), password=None)
    (folder / "signature").write_bytes(key.sign((folder / "SHA256SUMS").read_bytes()))

"""What a bundle's graphs give for one observation, in physical units: the runtime must find the same."""

from __future__ import annotations

import pathlib

import numpy as np
import onnxruntime

from .scaling import scalings
from .spec import Spec


def session(path: pathlib.Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def nothing_committed(spec: Spec, batch: int) -> dict[str, np.ndarray]:
    """Inputs of an actor that wants to know of committed actions, while there are none."""
    if not spec.prefix:
        return {}
    shape = (batch, spec.prefix)
    return {
        "prefix": np.zeros((*shape, len(spec.joints)), np.float32),
        "prefix_mask": np.zeros(shape, np.float32),
    }


def probe(
    folder: pathlib.Path, spec: Spec, stats, observation: np.ndarray, images: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """`observation`, its `images` by name, and the `imagined` frames and `actions` (not confined to a range) that follow from it."""
    scale = scalings(spec, stats)
    seen = observation.astype(np.float32).reshape(1, -1)
    pictures = {name: values[None] for name, values in images.items()}
    x = scale["observation"].normalise(seen, seen)
    (imagined,) = session(folder / "world_model.onnx").run(None, {"observation": x, **pictures})
    own = x[:, spec.places(spec.proprioception)]
    feeds = {"proprioception": own, "imagined": imagined, **nothing_committed(spec, 1)}
    (actions,) = session(folder / "actor.onnx").run(None, feeds)
    return {
        "observation": seen,
        **pictures,
        "imagined": scale["imagined"].restore(seen, imagined),
        "actions": scale["action"].restore(seen, actions),
    }

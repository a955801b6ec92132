"""Between physical units and those that the graphs work on; the Python side of dev.forearm.models.bundle.Scaling."""

from __future__ import annotations

import dataclasses

import numpy as np

from .spec import Spec


@dataclasses.dataclass(frozen=True)
class Scaling:
    """value = reference + mean + std * normalised, over arrays of NumPy or PyTorch alike.

    The reference is what the observation says of the same thing; `reference` tells where, None: it is 0.
    """

    mean: object  # of the shape of one value
    std: object
    reference: list[int] | None = None

    def normalise(self, seen, values):
        """`values` [n, ...] for observations `seen` [n, width]."""
        return (values - self._reference(seen) - self.mean) / self.std

    def restore(self, seen, normalised):
        return self._reference(seen) + self.mean + self.std * normalised

    def _reference(self, seen):
        return 0 if self.reference is None else seen[:, None, self.reference]


def scalings(spec: Spec, stats, array=lambda x: np.asarray(x, np.float32)) -> dict[str, Scaling]:
    """Those of an observation, of its imagined frames and of a chunk of actions, out of (mean, std) of each."""

    def scaling(key: str, shape: tuple[int, ...], reference: list[int] | None = None) -> Scaling:
        mean, std = (array(np.asarray(v, np.float32).reshape(shape)) for v in stats[key])
        return Scaling(mean, std, reference)

    return {
        "observation": scaling("observation", (-1,)),
        "imagined": scaling("imagined", (len(spec.frame_steps), -1), spec.places(spec.imagined)),
        "action": scaling("action", (spec.chunk_steps, -1), spec.of_source("joint_position")),
    }

"""Makes the small bundle under models/src/test/resources/bundles that the tests take apart.

    python make_test_bundle.py ../../src/test/resources/bundles/small

Two joints, one object, random weights: made to be loaded, not to move an arm.
"""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from forearm_export import bundle, graphs  # noqa: E402
from forearm_export.spec import Feature, Spec  # noqa: E402

SPEC = Spec(
    observation=(
        Feature("joint_position", "joint_position", 2, "mixed"),
        Feature("tool_position", "tool_position", 3, "m"),
        Feature("cube", "object_position:cube", 3, "m"),
    ),
    proprioception=("joint_position", "tool_position"),
    imagined=("joint_position", "cube"),
    frame_steps=(2, 4),
    joints=(("shoulder", "rad"), ("finger", "m")),
    chunk_steps=4,
    policy_hz=20,
    control_hz=500,
)
ROBOT = {"name": "small", "workspace": {"min_m": [0, -1, 0], "max_m": [1, 1, 1]}}


def main() -> None:
    rng = np.random.default_rng(7)

    def layer(weights, name, size_in, size_out):
        weights[f"{name}.weight"] = rng.normal(0, 0.3, (size_out, size_in)).astype(np.float32)
        weights[f"{name}.bias"] = rng.normal(0, 0.1, size_out).astype(np.float32)

    encoding = graphs.Encoding(
        linear=(rng.normal(0, 1, (8, 3)).astype(np.float32), np.zeros(3, np.float32)), turns=None
    )
    weights: dict[str, np.ndarray] = {}
    layer(weights, "world_model.0", 8 + encoding.size, 6)
    layer(weights, "world_model.1", 6, 10)
    layer(weights, "actor.0", 5 + 10, 6)
    layer(weights, "actor.1", 6, 8)
    layer(weights, "actor.direct", 5 + 10, 8)
    stats = {
        "observation": (rng.normal(0, 1, 8), rng.uniform(0.5, 2, 8)),
        "imagined": (rng.normal(0, 0.1, 10), rng.uniform(0.05, 0.2, 10)),
        "action": (rng.normal(0, 0.1, 8), rng.uniform(0.05, 0.2, 8)),
    }
    bundle.write(
        pathlib.Path(sys.argv[1]),
        name="small",
        task="none",
        spec=SPEC,
        robot=ROBOT,
        weights=weights,
        encoding=encoding,
        hidden=(1, 1),
        stats=stats,
        probe_observation=stats["observation"][0] + stats["observation"][1] * rng.normal(0, 1, 8),
        probe_images={},
        ranges=[(-1.9, 1.9), (0, 0.04)],
        made_by={"command": "python make_test_bundle.py"},
    )


if __name__ == "__main__":
    main()

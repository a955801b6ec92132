"""Makes the bundle under launch/src/test/resources/bundles/depth: a policy of the table-top arm that sees depth.

    python make_depth_bundle.py ../../../launch/src/main/resources/robots/tabletop.yaml ../../../launch/src/test/resources/bundles/depth

Random weights: it sways a little about where it is, by how far what its wrist sees is.
"""

import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from forearm_export import bundle, graphs, model  # noqa: E402
from forearm_export.spec import DepthSource, Feature, Spec, robot_joints  # noqa: E402


def main(robot_file: str, out: str) -> None:
    robot, joints = robot_joints(robot_file)
    spec = Spec(
        observation=(
            Feature("joint_position", "joint_position", len(joints), "mixed"),
            Feature("tool_position", "tool_position", 3, "m"),
        ),
        proprioception=("joint_position",),
        imagined=("tool_position",),
        frame_steps=(4, 8),
        joints=joints,
        chunk_steps=8,
        policy_hz=robot["rates_hz"]["policy"],
        control_hz=robot["rates_hz"]["control"],
        images=(DepthSource("wrist_depth", "/wrist_camera/depth/image_raw", 24, 24, near=0.05, far=0.5),),
    )
    torch.manual_seed(7)
    rng = np.random.default_rng(7)
    code = graphs.Encoding(
        linear=(rng.normal(0, 1, (spec.width, 4)).astype(np.float32), np.zeros(4, np.float32)), turns=None
    )
    actions = spec.chunk_steps * len(joints)
    imagined = len(spec.frame_steps) * spec.frame_width
    middle = np.array([np.mean(j["position"]) for j in robot["joints"]] + [0.5, 0, 0.3])
    bundle.write(
        pathlib.Path(out),
        name="depth",
        task="none",
        spec=spec,
        robot=robot,
        weights=model.weights(model.WorldModel(spec, code, 16, 1), model.Actor(spec, 16, 1)),
        encoding=code,
        hidden=(1, 1),
        stats={
            "observation": (middle, np.ones(spec.width)),
            "imagined": (np.zeros(imagined), np.full(imagined, 0.05)),
            "action": (np.zeros(actions), np.tile([0.05] * (len(joints) - 1) + [0.001], spec.chunk_steps)),
        },
        probe_observation=middle,
        probe_images={"wrist_depth": rng.uniform(0.05, 0.5, (1, 24, 24)).astype(np.float32)},
        ranges=[tuple(j["position"]) for j in robot["joints"]],
        made_by={"command": "python make_depth_bundle.py"},
        trainable=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

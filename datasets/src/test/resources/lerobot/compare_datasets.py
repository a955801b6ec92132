"""Compares an SO-101's dataset with what became of it as episodes, by LeRobot's own loader.

compare_datasets.py DATASET AFTER    prints one line, or fails
"""
import pathlib
import sys

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset

CAMERAS = ["front", "wrist"]


def radians(said):
    """LeRobot's degrees and percent as robots/so101.yaml maps them."""
    at = np.radians(said.astype(np.float64))
    at[5] = -0.174533 + (1.74533 + 0.174533) * said[5] / 100
    return at


def main(before_root, after_root):
    before = LeRobotDataset("forearm/before", root=before_root)
    after = LeRobotDataset("forearm/after", root=after_root)
    assert len(before) == len(after), (len(before), len(after))
    worst = 0.0
    for i in range(len(before)):
        a, b = before[i], after[i]
        for key in ("task", "episode_index", "frame_index", "timestamp"):
            assert a[key] == b[key], (key, a[key], b[key])
        for key in ("observation.state", "action"):
            np.testing.assert_allclose(radians(a[key].numpy()), b[key].numpy(), atol=1e-6)
        for camera in CAMERAS:
            key = f"observation.images.{camera}"
            worst = max(worst, 255 * float(np.abs(a[key].numpy() - b[key].numpy()).mean()))
    assert worst < 8, worst
    print(f"LeRobot's own loader finds {len(after)} equal frames, pictures off by {worst:.2f} levels")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))

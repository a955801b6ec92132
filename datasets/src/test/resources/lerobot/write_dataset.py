"""Writes a dataset of an SO-101 with LeRobot itself: two episodes, two cameras, LeRobot's units.

write_dataset.py DATASET
"""
import pathlib
import sys

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset

FPS = 30
JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]
NAMES = [f"{joint}.pos" for joint in JOINTS]
CAMERAS = {"front": 0, "wrist": 100}
EPISODES = [("Put the cube into the box", 40), ("Close the drawer", 25)]


def vector():
    return {"dtype": "float32", "shape": (6,), "names": NAMES}


def video():
    return {"dtype": "video", "shape": (64, 96, 3), "names": ["height", "width", "channels"]}


def main(root):
    features = {"observation.state": vector(), "action": vector()}
    features |= {f"observation.images.{camera}": video() for camera in CAMERAS}
    dataset = LeRobotDataset.create(
        "forearm/so101", FPS, features, root=root, robot_type="so_follower", use_videos=True)
    for episode, (task, length) in enumerate(EPISODES):
        for k in range(length):
            degrees = 40 * np.sin(0.1 * k + episode + np.arange(6))
            degrees[5] = 50 + 30 * np.sin(0.1 * k)  # the gripper's percent
            frame = {"observation.state": degrees.astype(np.float32),
                     "action": (degrees + 1).astype(np.float32), "task": task}
            for camera, level in CAMERAS.items():
                pixels = np.full((64, 96, 3), level, np.uint8)
                pixels[:, : 2 * k + 2] = 200
                frame[f"observation.images.{camera}"] = pixels
            dataset.add_frame(frame)
        dataset.save_episode()
    dataset.finalize()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

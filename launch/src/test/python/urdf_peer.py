"""Pinocchio's forward kinematics of a URDF, for UrdfKinematicsTest.

    python3 urdf_peer.py QUESTION.json

The question names a URDF, a base frame, frames and poses, each the position of every moving joint by
name; the answer is x y z qw qx qy qz of each frame in the base frame, for each pose. Exit code 77
where Pinocchio is not installed.
"""

import json
import sys

try:
    import numpy as np
    import pinocchio as pin
except ImportError:
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    question = json.load(file)
model = pin.buildModelFromUrdf(question["urdf"])
data = model.createData()
frames = [model.getFrameId(name) for name in [question["base"], *question["frames"]]]
assert max(frames) < model.nframes, "a frame is unknown"
answer = []
for pose in question["poses"]:
    q = pin.neutral(model)
    for joint, position in pose.items():
        q[model.joints[model.getJointId(joint)].idx_q] = position
    pin.framesForwardKinematics(model, data, q)
    base = data.oMf[frames[0]].inverse()
    row = []
    for frame in frames[1:]:
        at = base * data.oMf[frame]
        turn = pin.Quaternion(at.rotation)
        row.append([*at.translation, turn.w, turn.x, turn.y, turn.z])
    answer.append([[float(value) for value in frame] for frame in row])
assert np.isfinite(answer).all()
print(json.dumps(answer))

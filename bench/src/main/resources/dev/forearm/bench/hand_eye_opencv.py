"""Hand-eye calibration by OpenCV: poses of the board by solvePnP, then every method it has.

Reads the problems of a JSON file; prints the root mean square error of each method, mm and deg.
A method that fails on a problem counts as 1 m and 180 deg there.
"""
import json
import sys

import cv2
import numpy as np

HAND_EYE = ('TSAI', 'PARK', 'HORAUD', 'ANDREFF', 'DANIILIDIS')
ROBOT_WORLD = ('SHAH', 'LI')


def pose(turn, origin):
    result = np.eye(4)
    result[:3, :3], result[:3, 3] = turn, np.ravel(origin)
    return result


def read(rows):
    return np.vstack([np.reshape(rows, (3, 4)), [0, 0, 0, 1]])


def split(poses):
    return [p[:3, :3] for p in poses], [p[:3, 3] for p in poses]


def board_pose(points, pixels, matrix, distortion):
    found, turn, origin = cv2.solvePnP(points, pixels, matrix, distortion)
    assert found
    return pose(cv2.Rodrigues(turn)[0], origin)


def camera(method, arm, board):
    """mountFromCamera from mountFromHolder and cameraFromBoard of each capture."""
    if method in HAND_EYE:
        turn, origin = cv2.calibrateHandEye(
            *split([np.linalg.inv(p) for p in arm]), *split(board),
            method=getattr(cv2, 'CALIB_HAND_EYE_' + method))
        return pose(turn, origin)
    _, _, turn, origin = cv2.calibrateRobotWorldHandEye(
        *split(board), *split(arm), method=getattr(cv2, 'CALIB_ROBOT_WORLD_HAND_EYE_' + method))
    return np.linalg.inv(pose(turn, origin))


def errors(found, truth):
    between = np.linalg.inv(truth) @ found
    angle = np.arccos(np.clip((np.trace(between[:3, :3]) - 1) / 2, -1, 1))
    return 1e3 * np.linalg.norm(found[:3, 3] - truth[:3, 3]), np.degrees(angle)


def main():
    problems = json.load(open(sys.argv[1], encoding='utf-8'))
    squares = {method: [] for method in HAND_EYE + ROBOT_WORLD}
    for problem in problems:
        matrix = np.array(problem['matrix']).reshape(3, 3)
        distortion = np.array(problem['distortion'])
        points = np.array(problem['points']).reshape(-1, 3)
        truth = read(problem['truth'])
        arm = [read(p) for p in problem['arm']]
        board = [board_pose(points, np.array(p).reshape(-1, 2), matrix, distortion)
                 for p in problem['pixels']]
        for method, all_of in squares.items():
            try:
                mm, deg = errors(camera(method, arm, board), truth)
            except cv2.error:
                mm, deg = 1e3, 180.0
            all_of.append((mm * mm, deg * deg))
    for method, all_of in squares.items():
        mm, deg = np.sqrt(np.mean(all_of, axis=0))
        print(f'peer_opencv_{method.lower()}_mm', mm)
        print(f'peer_opencv_{method.lower()}_deg', deg)


main()

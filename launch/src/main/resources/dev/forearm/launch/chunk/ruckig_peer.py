"""Ruckig for a follower in Java: a request is one plan, its answer the motion, cycle by cycle.

Request, float64: current position, velocity, acceleration, target position, velocity [joints each],
duration at least [1]. Answer: position, velocity, acceleration [cycles][3][joints].
"""
import struct
import sys

from ruckig import InputParameter, Result, Ruckig, Trajectory

joints, cycles, period = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
limits = [float(text) for text in sys.argv[4:]]
planner, wanted, motion = Ruckig(joints), InputParameter(joints), Trajectory(joints)
wanted.max_velocity = limits[:joints]
wanted.max_acceleration = limits[joints:2 * joints]
wanted.max_jerk = limits[2 * joints:]
request = struct.Struct(f'<{5 * joints + 1}d')
answer = struct.Struct(f'<{3 * joints}d')
sys.stdout.buffer.write(b'\n')
sys.stdout.buffer.flush()
while data := sys.stdin.buffer.read(request.size):
    values = request.unpack(data)
    parts = [list(values[i * joints:(i + 1) * joints]) for i in range(5)]
    (wanted.current_position, wanted.current_velocity, wanted.current_acceleration,
     wanted.target_position, wanted.target_velocity) = parts
    wanted.minimum_duration = values[-1]
    found = planner.calculate(wanted, motion)
    if found not in (Result.Working, Result.Finished):
        sys.exit(f'ruckig says {found} to {parts}')
    for cycle in range(1, cycles + 1):
        sys.stdout.buffer.write(answer.pack(*sum(motion.at_time(cycle * period), [])))
    sys.stdout.buffer.flush()

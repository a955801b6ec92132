"""Simulates a robot on its driver's topics.

ros2 launch forearm sim.launch.py robot:=ur5e
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import OpaqueFunction

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_command import arguments, run_to_the_end

OPTIONS = {
    "robot": "tabletop, fr3, ur5e, so101 or a robot file.",
    "gap": "How it differs: none, default, or of the table-top arm others and files.",
    "interface": "Network interface for DDS.",
    "seconds": "Stop after this long.",
}


def generate_launch_description():
    start = OpaqueFunction(function=lambda context: [run_to_the_end(context, "sim", OPTIONS)])
    return LaunchDescription([*arguments(OPTIONS), start])

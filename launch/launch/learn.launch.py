"""Improves a policy from recorded episodes, also while a robot records more.

ros2 launch forearm learn.launch.py follow:=/data/episodes work:=/data/learner
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import OpaqueFunction

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_command import arguments, run_to_the_end

OPTIONS = {
    "bundle": "The policy to begin with.",
    "from-episodes": "Learn once from this folder of episodes.",
    "follow": "Learn from this folder of episodes while a robot fills it.",
    "method": "What is learned, a name or a YAML file.",
    "work": "The learner's own folder.",
    "robot": "The robot that it drives.",
}


def generate_launch_description():
    start = OpaqueFunction(function=lambda context: [run_to_the_end(context, "learn", OPTIONS)])
    return LaunchDescription([*arguments(OPTIONS), start])

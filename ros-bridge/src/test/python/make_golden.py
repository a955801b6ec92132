"""Writes the golden messages: one of each type, filled with numbered values, encoded by rosbags.

    python3 make_golden.py > ../resources/golden/messages.txt

A line is: type, REP-2011 hash, CDR in hexadecimal. rosbags brings its own definitions, its own
hash and its own encoder, so a line checks all three of ours. Needs rosbags (0.11) and numpy.
"""

import pathlib
import re

import numpy
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.interfaces import Nodetype

MESSAGES = pathlib.Path(__file__).resolve().parents[2] / "main" / "msg"

store = get_typestore(Stores.ROS2_KILTED)
counter = 0


def without_char(node):
    """In a .msg file char is an old word for uint8, and ROS 2 hashes it so; rosbags does not."""
    if node == ("char", 0):
        return ("uint8", 0)
    return type(node)(without_char(n) for n in node) if isinstance(node, (tuple, list)) else node


store.fielddefs = {name: without_char(fields) for name, fields in store.fielddefs.items()}


def number():
    global counter
    counter += 1
    return counter


def primitive(name):
    n = number()
    if name == "bool":
        return n % 2 == 1
    if name == "string":
        return "text %d \u00e4" % n
    if name in ("float32", "float64"):
        return n + 0.25
    return n % 100


def array(name, count):
    values = [primitive(name) for _ in range(count)]
    kind = {"byte": "uint8", "octet": "uint8"}.get(name, name)
    return values if name == "string" else numpy.array(values, dtype=kind)


def value(node):
    kind, detail = node
    if kind == Nodetype.BASE:
        return primitive(detail[0])
    if kind == Nodetype.NAME:
        return message(detail)
    element, count = detail
    if kind == Nodetype.SEQUENCE:
        count = min(1 + number() % 3, count or 3)
    if element[0] == Nodetype.NAME:
        return [message(element[1]) for _ in range(count)]
    return array(element[1][0], count)


def message(name):
    fields = store.get_msgdef(name).fields
    return store.types[name](**{field: value(node) for field, node in fields})


def renamed(node):
    """rosbags knows messages alone and calls an action's parts PACKAGE/action/msg/NAME."""
    if isinstance(node, str):
        return node.replace("/action/msg/", "/action/")
    return type(node)(renamed(n) for n in node) if isinstance(node, (tuple, list)) else node


def define(name, text):
    package, _, short = name.split("/")
    types = get_types_from_msg(text or "\n", "%s/msg/%s" % (package, short))
    store.register({name: renamed(fields) for fields in types.values()})


def derived(file):
    """The messages that a service or an action stands for, as rosidl derives them: name, text."""
    package, kind, name = file.parts[-3], file.parts[-2], file.stem
    parts = [part + "\n" for part in re.split(r"(?m)^---\s*$", file.read_text())]
    prefix = "%s/%s/%s" % (package, kind, name)
    if kind == "msg":
        return [(prefix, file.read_text())]
    if kind == "srv":
        return [(prefix + "_Request", parts[0]), (prefix + "_Response", parts[1])]
    goal_id = "unique_identifier_msgs/UUID goal_id\n"
    return [
        (prefix + "_Goal", parts[0]),
        (prefix + "_Result", parts[1]),
        (prefix + "_Feedback", parts[2]),
        (prefix + "_SendGoal_Request", goal_id + prefix + "_Goal goal\n"),
        (prefix + "_SendGoal_Response", "bool accepted\nbuiltin_interfaces/Time stamp\n"),
        (prefix + "_GetResult_Request", goal_id),
        (prefix + "_GetResult_Response", "int8 status\n" + prefix + "_Result result\n"),
        (prefix + "_FeedbackMessage", goal_id + prefix + "_Feedback feedback\n"),
    ]


files = sorted(f for kind in ("msg", "srv", "action") for f in MESSAGES.glob("*/%s/*.*" % kind))
names = []
for file in files:
    for name, text in derived(file):
        names.append(name)
        if name not in store.types:  # its own definition counts where it has one
            define(name, text)

for name in names:
    counter = 0
    cdr = store.serialize_cdr(message(name), name)
    print(name, store.hash_rihs01(name), bytes(cdr).hex())

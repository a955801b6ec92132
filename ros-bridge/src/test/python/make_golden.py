"""Writes the golden messages: one of each type, filled with numbered values, encoded by rosbags.

    python3 make_golden.py > ../resources/golden/messages.txt

A line is: type, REP-2011 hash, CDR in hexadecimal. rosbags brings its own definitions, its own
hash and its own encoder, so a line checks all three of ours. Needs rosbags (0.11) and numpy.
"""

import pathlib
import sys

import numpy
from rosbags.typesys import Stores, get_typestore
from rosbags.interfaces import Nodetype

CHAR_HASH = "RIHS01_3ad2d04dd29ba19d04b16659afa3ccaedd691914b02a64e82e252f2fa6a586a9"
MESSAGES = pathlib.Path(__file__).resolve().parents[2] / "main" / "msg"

store = get_typestore(Stores.ROS2_KILTED)
counter = 0


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
    kind = {"byte": "uint8", "octet": "uint8", "char": "uint8"}.get(name, name)
    return values if name == "string" else numpy.array(values, dtype=kind)


def value(node):
    kind, detail = node
    if kind == Nodetype.BASE:
        return primitive(detail[0])
    if kind == Nodetype.NAME:
        return message(detail)
    element, count = detail
    if kind == Nodetype.SEQUENCE:
        count = 1 + number() % 3
    if element[0] == Nodetype.NAME:
        return [message(element[1]) for _ in range(count)]
    return array(element[1][0], count)


def message(name):
    fields = store.get_msgdef(name).fields
    return store.types[name](**{field: value(node) for field, node in fields})


for file in sorted(MESSAGES.glob("*/msg/*.msg")):
    name = "%s/msg/%s" % (file.parts[-3], file.stem)
    if name not in store.types:
        print("not known to rosbags:", name, file=sys.stderr)
        continue
    counter = 0
    cdr = store.serialize_cdr(message(name), name)
    # In a .msg file char is an old word for uint8, and ROS 2 hashes it so; rosbags does not.
    if name == "std_msgs/msg/Char":
        print(name, CHAR_HASH, bytes(cdr).hex())
        continue
    print(name, store.hash_rihs01(name), bytes(cdr).hex())

"""Reads an episode with the public readers and prints what they saw as JSON."""

import hashlib
import json
import sys

path = sys.argv[1]


def seen_by_mcap():
    from mcap.reader import make_reader, NonSeekingReader
    from mcap_ros2.decoder import DecoderFactory

    with open(path, "rb") as stream:
        reader = make_reader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        header = reader.get_header()
        summary = reader.get_summary()
        out = {
            "profile": header.profile,
            "library": header.library,
            "statistics": summary.statistics.message_count,
            "chunks": len(summary.chunk_indexes),
            "compression": sorted({c.compression for c in summary.chunk_indexes}),
            "metadata": {m.name: m.metadata for m in reader.iter_metadata()},
            "qos": {c.topic: c.metadata["offered_qos_profiles"] for c in summary.channels.values()},
            "counts": {},
            "commands": [],
            "names": [],
        }
        last = 0
        for schema, channel, message, ros in reader.iter_decoded_messages():
            out["counts"][channel.topic] = out["counts"].get(channel.topic, 0) + 1
            assert message.log_time >= last, "log time order"
            last = message.log_time
            if schema.name == "std_msgs/msg/String":
                out["names"].append(ros.data)
            else:
                out["commands"].append(sum(ros.data))
    with open(path, "rb") as stream:
        streamed = NonSeekingReader(stream, validate_crcs=True)
        out["streamed"] = sum(1 for _ in streamed.iter_messages())
    return out


def seen_by_rosbags():
    from pathlib import Path

    from rosbags.highlevel import AnyReader

    with AnyReader([Path(path)]) as reader:
        out = {"counts": {}, "commands": [], "names": [], "qos": {}}
        for connection in reader.connections:
            out["counts"][connection.topic] = connection.msgcount
            qos = connection.ext.offered_qos_profiles[0]
            out["qos"][connection.topic] = [
                qos.reliability.name,
                qos.durability.name,
                qos.history.name,
                qos.depth,
            ]
        for connection, _, raw in reader.messages():
            ros = reader.deserialize(raw, connection.msgtype)
            if connection.msgtype == "std_msgs/msg/String":
                out["names"].append(ros.data)
            else:
                out["commands"].append(float(ros.data.sum()))
    return out


def digest(out):
    out["commands"] = [len(out["commands"]), hashlib.sha256(
        ",".join("%.3f" % value for value in out["commands"]).encode()).hexdigest()]
    return out


print(json.dumps({"mcap": digest(seen_by_mcap()), "rosbags": digest(seen_by_rosbags())}))

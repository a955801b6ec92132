"""Makes NAME.mcap beside itself: the same 60 messages as the public Python library writes them with its options, and
lz4_linked.mcap, one chunk long enough for blocks of LZ4 that refer to the one before.

    python3 other_writers.py    (needs mcap, which brings lz4 and zstandard)
"""

import pathlib

from mcap.writer import CompressionType, IndexType, Writer

ZSTD = {"compression": CompressionType.ZSTD}
NOTHING = {"repeat_channels": False, "repeat_schemas": False, "use_statistics": False, "use_summary_offsets": False}
FILES = {
    "whole": ZSTD,
    "lz4": {"compression": CompressionType.LZ4},
    "uncompressed": {"compression": CompressionType.NONE},
    "unchunked": {"use_chunking": False},
    "unchunked_with_crc": {"use_chunking": False, "enable_data_crcs": True},
    "unchunked_no_summary": {"use_chunking": False, "index_types": IndexType.NONE, **NOTHING},
    "no_chunk_index": {"index_types": IndexType.ALL & ~IndexType.CHUNK, **ZSTD},
    "no_index": {"index_types": IndexType.NONE, **ZSTD},
    "no_statistics": {"use_statistics": False, **ZSTD},
    "no_repeated_schemas": {"repeat_schemas": False, **ZSTD},
    "no_repeated_channels": {"repeat_channels": False, "repeat_schemas": False, **ZSTD},
    "no_summary": {"index_types": IndexType.NONE, **NOTHING, **ZSTD},
}

for name, options in FILES.items():
    with open(pathlib.Path(__file__).with_name(name + ".mcap"), "wb") as file:
        writer = Writer(file, chunk_size=400, **options)
        writer.start("ros2", "another writer")
        schema = writer.register_schema("std_msgs/msg/String", "ros2msg", b"string data\n")
        topics = [writer.register_channel(topic, "cdr", schema, {"k": "v"}) for topic in ("/a", "/b")]
        writer.add_metadata("about", {"seed": "7"})
        writer.add_attachment(0, 0, "notes.txt", "text/plain", b"not a message" * 9)
        for i in range(60):
            time = 1000 + 10 * (i ^ 1)  # each pair is written in the other order
            writer.add_message(topics[i % 3 == 0], time, bytes([i]) * (i % 7), time - 1, i)
        writer.finish()

with open(pathlib.Path(__file__).with_name("lz4_linked.mcap"), "wb") as file:
    writer = Writer(file, compression=CompressionType.LZ4)
    writer.start("ros2", "another writer")
    channel = writer.register_channel("/a", "cdr", writer.register_schema("std_msgs/msg/String", "ros2msg", b""))
    for i in range(50):
        writer.add_message(channel, i, bytes((i + j * j) % 251 for j in range(4000)), i)
    writer.finish()

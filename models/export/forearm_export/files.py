"""The form of a bundle's files."""

from __future__ import annotations

import hashlib
import pathlib
import struct


def padded(content: bytes) -> bytes:
    """The header padded with spaces so that the data starts at a multiple of 64."""
    (length,) = struct.unpack("<Q", content[:8])
    pad = -(8 + length) % 64
    return struct.pack("<Q", length + pad) + content[8 : 8 + length] + b" " * pad + content[8 + length :]


def sums(folder: pathlib.Path) -> None:
    """Writes SHA256SUMS over everything else in the folder, as sha256sum does."""
    lines = [
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n"
        for f in sorted(folder.iterdir())
        if f.name not in ("SHA256SUMS", "signature")
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))

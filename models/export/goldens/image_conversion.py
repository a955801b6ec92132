"""Pictures and the tensors that the exporter makes of them, for ros-bridge's tests of pixels and depth.

PYTHONPATH=models/export python3 models/export/goldens/image_conversion.py ros-bridge/src/test/resources/images

Each case is one line of cases.txt; NAME.tensor holds its float32 values, little-endian. The pictures are not stored: the test
paints them by the same rule. photo.png and photo.jpg are one picture of that kind, encoded; photo.rgb is what libjpeg decodes.

Those of depth are in depth_cases.txt. depth.16UC1 and depth.32FC1 are what compressed_depth_image_transport makes of one such
picture in millimetres and in metres (depth_max 10, depth_quantization 100, its codec.cpp), behind its header a PNG of OpenCV's.
"""

import struct
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from forearm_export.images import tensor
from forearm_export.spec import DepthSource, ImageSource

CASES = [
    ("same", 8, 6, ImageSource("a", "/a", "rgb", 8, 6, "crop", 0, 1)),
    ("shrunk", 31, 17, ImageSource("a", "/a", "rgb", 8, 6, "stretch", -1, 1)),
    ("grown", 5, 4, ImageSource("a", "/a", "bgr", 12, 9, "stretch", 0, 255)),
    ("cropped_wide", 64, 33, ImageSource("a", "/a", "rgb", 16, 16, "crop", 0, 1)),
    ("cropped_tall", 21, 50, ImageSource("a", "/a", "grey", 15, 10, "crop", 0, 1)),
    ("padded_wide", 64, 33, ImageSource("a", "/a", "rgb", 16, 16, "pad", -0.5, 0.5)),
    ("padded_tall", 21, 50, ImageSource("a", "/a", "bgr", 15, 10, "pad", 0, 1)),
]

DEPTH_CASES = [
    ("depth_same", 8, 6, DepthSource("a", "/a", 8, 6, "crop", 0.3, 2, 0)),
    ("depth_shrunk", 31, 17, DepthSource("a", "/a", 8, 6, "stretch", 0, 10, -1)),
    ("depth_grown", 5, 4, DepthSource("a", "/a", 12, 9, "stretch", 0.3, 2, 0)),
    ("depth_cropped", 64, 33, DepthSource("a", "/a", 15, 15, "crop", 0.3, 2, 5)),
    ("depth_padded", 21, 50, DepthSource("a", "/a", 15, 10, "pad", 0.3, 2, -0.5)),
]


def painted(width: int, height: int) -> np.ndarray:
    y, x, c = np.indices((height, width, 3))
    return ((7 * x + 13 * y + 31 * c + x * y) % 256).astype(np.uint8)


def deep(width: int, height: int) -> np.ndarray:
    """Millimetres; every seventh is none."""
    y, x = np.indices((height, width))
    millimetres = (41 * x + 97 * y + x * y) % 3000 + 1
    return np.where((x + 3 * y) % 7 == 0, 0, millimetres).astype(np.uint16)


def compressed(millimetres: np.ndarray, encoding: str) -> bytes:
    """As compressed_depth_image_transport's codec.cpp encodes it."""
    a = b = np.float32(0)
    if encoding == "32FC1":
        metres = np.where(millimetres == 0, np.nan, millimetres / np.float32(1000)).astype(np.float32)
        a = np.float32(100) * np.float32(101)
        b = np.float32(1) - a / np.float32(10)
        millimetres = np.where(metres < 10, np.nan_to_num(a / metres + b), 0).astype(np.uint16)
    return struct.pack("<iff", 0, a, b) + cv2.imencode(".png", millimetres)[1].tobytes()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, width, height, source in CASES:
        tensor(painted(width, height), source).astype("<f4").tofile(folder / f"{name}.tensor")
        lines.append(
            f"{name} {width} {height} {source.channels} {source.width} {source.height} "
            f"{source.fit} {source.least} {source.greatest}"
        )
    (folder / "cases.txt").write_text("\n".join(lines) + "\n")
    lines = []
    for name, width, height, source in DEPTH_CASES:
        seen = tensor(deep(width, height), source)
        if source.fit == "stretch":
            size = (source.width, source.height)
            nearest = cv2.resize(deep(width, height), size, interpolation=cv2.INTER_NEAREST_EXACT)
            assert (seen == tensor(nearest, source)).all(), name
        seen.astype("<f4").tofile(folder / f"{name}.tensor")
        lines.append(
            f"{name} {width} {height} {source.width} {source.height} "
            f"{source.fit} {source.near} {source.far} {source.invalid}"
        )
    (folder / "depth_cases.txt").write_text("\n".join(lines) + "\n")
    for encoding in ("16UC1", "32FC1"):
        (folder / f"depth.{encoding}").write_bytes(compressed(deep(32, 24), encoding))
    y, x = np.indices((24, 32))
    smooth = np.stack([8 * x, 10 * y, 4 * x + 5 * y], 2).clip(0, 255).astype(np.uint8)
    photo = Image.fromarray(smooth)
    photo.save(folder / "photo.png", optimize=True)
    photo.save(folder / "photo.jpg", quality=95)
    np.asarray(Image.open(folder / "photo.jpg")).tofile(folder / "photo.rgb")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

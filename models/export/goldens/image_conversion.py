"""Pictures and the tensors that the exporter makes of them, for ros-bridge's PixelConversionTest.

PYTHONPATH=models/export python3 models/export/goldens/image_conversion.py ros-bridge/src/test/resources/images

Each case is one line of cases.txt; NAME.tensor holds its float32 values, little-endian. The pictures are not stored: the test
paints them by the same rule. photo.png and photo.jpg are one picture of that kind, encoded; photo.rgb is what libjpeg decodes.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from forearm_export.images import tensor
from forearm_export.spec import ImageSource

CASES = [
    ("same", 8, 6, ImageSource("a", "/a", "rgb", 8, 6, "crop", 0, 1)),
    ("shrunk", 31, 17, ImageSource("a", "/a", "rgb", 8, 6, "stretch", -1, 1)),
    ("grown", 5, 4, ImageSource("a", "/a", "bgr", 12, 9, "stretch", 0, 255)),
    ("cropped_wide", 64, 33, ImageSource("a", "/a", "rgb", 16, 16, "crop", 0, 1)),
    ("cropped_tall", 21, 50, ImageSource("a", "/a", "grey", 15, 10, "crop", 0, 1)),
    ("padded_wide", 64, 33, ImageSource("a", "/a", "rgb", 16, 16, "pad", -0.5, 0.5)),
    ("padded_tall", 21, 50, ImageSource("a", "/a", "bgr", 15, 10, "pad", 0, 1)),
]


def painted(width: int, height: int) -> np.ndarray:
    y, x, c = np.indices((height, width, 3))
    return ((7 * x + 13 * y + 31 * c + x * y) % 256).astype(np.uint8)


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
    y, x = np.indices((24, 32))
    smooth = np.stack([8 * x, 10 * y, 4 * x + 5 * y], 2).clip(0, 255).astype(np.uint8)
    photo = Image.fromarray(smooth)
    photo.save(folder / "photo.png", optimize=True)
    photo.save(folder / "photo.jpg", quality=95)
    np.asarray(Image.open(folder / "photo.jpg")).tofile(folder / "photo.rgb")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Pixels as a policy sees them: what dev.forearm.ros.image.PixelConversion does on the robot."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class ImageSource:
    """An image feature of a manifest: tensor [1, channel, height, width], float32."""

    name: str
    topic: str
    channels: str = "rgb"  # or bgr, grey
    width: int = 96
    height: int = 96
    fit: str = "crop"  # or stretch, pad
    least: float = 0.0
    greatest: float = 1.0

    @property
    def shape(self) -> list[int]:
        return [1 if self.channels == "grey" else 3, self.height, self.width]

    def manifest(self) -> dict:
        source = {
            "image": self.topic,
            "channels": self.channels,
            "size": [self.width, self.height],
            "fit": self.fit,
            "range": [self.least, self.greatest],
        }
        return {"name": self.name, "source": source, "shape": self.shape, "dtype": "float32", "unit": "1"}


def tensor(rgb: np.ndarray, source: ImageSource) -> np.ndarray:
    """uint8 [row, column, rgb] to float32 [channel, row, column]."""
    height, width = rgb.shape[:2]
    rows, columns = source.height, source.width
    pixels = torch.from_numpy(rgb.astype(np.float32)).permute(2, 0, 1)[None]
    if source.fit == "crop":
        seen_width = scaled(height, columns, rows, width)
        seen_height = scaled(width, rows, columns, height)
        left, top = (width - seen_width) // 2, (height - seen_height) // 2
        pixels = pixels[:, :, top : top + seen_height, left : left + seen_width]
    elif source.fit == "pad":
        columns = scaled(source.height, width, height, source.width)
        rows = scaled(source.width, height, width, source.height)
    pixels = F.interpolate(pixels, (rows, columns), mode="bilinear", antialias=True, align_corners=False)
    values = pixels[0].numpy()
    if source.channels == "bgr":
        values = values[::-1]
    elif source.channels == "grey":
        values = np.tensordot(LUMA, values, 1)[None]
    values = source.least + values * np.float32((source.greatest - source.least) / 255)
    whole = np.full(source.shape, source.least, np.float32)
    x, y = (source.width - columns) // 2, (source.height - rows) // 2
    whole[:, y : y + rows, x : x + columns] = values
    return whole


def scaled(length: int, over: int, under: int, limit: int) -> int:
    """length * over / under to the nearest, halves up, from 1 to limit."""
    return min(max(int(length * over / under + 0.5), 1), limit)

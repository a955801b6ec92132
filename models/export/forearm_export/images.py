"""Pixels as a policy sees them: what dev.forearm.ros.image.ImageConversion does on the robot."""

import numpy as np
import torch
import torch.nn.functional as F

from .spec import DepthSource, ImageSource

LUMA = torch.tensor([0.299, 0.587, 0.114])


def tensor(picture: np.ndarray, source: ImageSource | DepthSource) -> np.ndarray:
    """A picture as `batch` wants some to float32 [channel, row, column]."""
    return batch(picture[None], source)[0].numpy()


def batch(pictures: np.ndarray, source: ImageSource | DepthSource) -> torch.Tensor:
    """To float32 [batch, channel, row, column]: of colours uint8 [batch, row, column, rgb], of depth [batch, row, column], uint16 in mm or float32 in m."""
    height, width = pictures.shape[1:3]
    rows, columns = source.height, source.width
    if source.fit == "crop":
        seen_width = scaled(height, columns, rows, width)
        seen_height = scaled(width, rows, columns, height)
        left, top = (width - seen_width) // 2, (height - seen_height) // 2
        pictures = pictures[:, top : top + seen_height, left : left + seen_width]
    elif source.fit == "pad":
        columns = scaled(source.height, width, height, source.width)
        rows = scaled(source.width, height, width, source.height)
    values, border = (_depth if isinstance(source, DepthSource) else _colours)(pictures, rows, columns, source)
    whole = torch.full((len(pictures), *source.shape), border)
    x, y = (source.width - columns) // 2, (source.height - rows) // 2
    whole[:, :, y : y + rows, x : x + columns] = values
    return whole


def _colours(rgb: np.ndarray, rows: int, columns: int, source: ImageSource) -> tuple[torch.Tensor, float]:
    pixels = torch.from_numpy(rgb.astype(np.float32)).permute(0, 3, 1, 2)
    pixels = F.interpolate(pixels, (rows, columns), mode="bilinear", antialias=True, align_corners=False)
    if source.channels == "bgr":
        pixels = pixels.flip(1)
    elif source.channels == "grey":
        pixels = (pixels * LUMA.view(1, 3, 1, 1)).sum(1, keepdim=True)
    return source.least + pixels * (source.span / 255), float(source.least)


def _depth(readings: np.ndarray, rows: int, columns: int, source: DepthSource) -> tuple[torch.Tensor, float]:
    nearest = readings[:, _nearest(readings.shape[1], rows)[:, None], _nearest(readings.shape[2], columns)]
    metres = nearest / np.float32(1000) if nearest.dtype == np.uint16 else nearest
    read = np.isfinite(metres) & (metres > 0)
    seen = np.where(read, np.clip(metres, source.near, source.far), source.invalid)
    return torch.from_numpy(seen.astype(np.float32))[:, None], float(source.invalid)


def _nearest(length: int, count: int) -> np.ndarray:
    """The place in which the middle of each of `count` equal parts of a length lies."""
    return (2 * np.arange(count) + 1) * length // (2 * count)


def scaled(length: int, over: int, under: int, limit: int) -> int:
    """length * over / under to the nearest, halves up, from 1 to limit."""
    return min(max(int(length * over / under + 0.5), 1), limit)

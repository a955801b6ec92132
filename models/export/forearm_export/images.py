"""Pixels as a policy sees them: what dev.forearm.ros.image.PixelConversion does on the robot."""

import numpy as np
import torch
import torch.nn.functional as F

from .spec import ImageSource

LUMA = torch.tensor([0.299, 0.587, 0.114])


def tensor(rgb: np.ndarray, source: ImageSource) -> np.ndarray:
    """uint8 [row, column, rgb] to float32 [channel, row, column]."""
    return batch(rgb[None], source)[0].numpy()


def batch(rgb: np.ndarray, source: ImageSource) -> torch.Tensor:
    """uint8 [batch, row, column, rgb] to float32 [batch, channel, row, column]."""
    height, width = rgb.shape[1:3]
    rows, columns = source.height, source.width
    pixels = torch.from_numpy(rgb.astype(np.float32)).permute(0, 3, 1, 2)
    if source.fit == "crop":
        seen_width = scaled(height, columns, rows, width)
        seen_height = scaled(width, rows, columns, height)
        left, top = (width - seen_width) // 2, (height - seen_height) // 2
        pixels = pixels[:, :, top : top + seen_height, left : left + seen_width]
    elif source.fit == "pad":
        columns = scaled(source.height, width, height, source.width)
        rows = scaled(source.width, height, width, source.height)
    pixels = F.interpolate(pixels, (rows, columns), mode="bilinear", antialias=True, align_corners=False)
    if source.channels == "bgr":
        pixels = pixels.flip(1)
    elif source.channels == "grey":
        pixels = (pixels * LUMA.view(1, 3, 1, 1)).sum(1, keepdim=True)
    whole = torch.full((len(rgb), *source.shape), float(source.least))
    x, y = (source.width - columns) // 2, (source.height - rows) // 2
    scale = (source.greatest - source.least) / 255
    whole[:, :, y : y + rows, x : x + columns] = source.least + pixels * scale
    return whole


def scaled(length: int, over: int, under: int, limit: int) -> int:
    """length * over / under to the nearest, halves up, from 1 to limit."""
    return min(max(int(length * over / under + 0.5), 1), limit)

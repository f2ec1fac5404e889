"""The mapped file: a slot of bytes for each copy of an environment, its parts at multiples of 64 bytes."""

import math
import mmap
import os

import numpy as np

from ..wire import DTYPES, Words, mismatch

ALIGNMENT = 64  # bytes, a cache line


def aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


class Part:
    def __init__(self, dtype: str, shape: tuple[int, ...], offset: int):
        self.dtype = DTYPES[dtype]
        self.shape = shape
        self.offset = offset
        self.bytes = math.prod(shape) * self.dtype.itemsize


class Layout:
    """The newest observation, then (`frames` 2) the emulator's frame before it, then a picture."""

    def __init__(self, dtype: str, shape: tuple[int, ...], frames: int, picture: list[int] | None):
        self.parts: dict[str, Part] = {}
        end = 0
        for name, kind, size in [
            ('newest', dtype, shape),
            ('previous', dtype, shape if frames == 2 else None),
            ('picture', 'u8', None if picture is None else (*picture, 3)),
        ]:
            if size is not None:
                self.parts[name] = Part(kind, size, end)
                end += aligned(self.parts[name].bytes)
        self.slot_bytes = end


class Slots:
    """Views of the file's parts. It is mapped when first asked for: the client makes it long enough before that."""

    def __init__(self, descriptor: int | None, layout: Layout, count: int):
        if descriptor is None:
            raise mismatch(
                'E_STATE', 'frame file', 'a descriptor handed over at the start', Words('none')
            )
        self._descriptor = descriptor
        self._layout = layout
        self.count = count
        self.bytes = layout.slot_bytes * count
        self._views: list[dict[str, np.ndarray]] | None = None

    def __getitem__(self, copy: int) -> dict[str, np.ndarray]:
        if self._views is None:
            self._views = self._map()
        return self._views[copy]

    def _map(self) -> list[dict[str, np.ndarray]]:
        size = os.fstat(self._descriptor).st_size
        if size < self.bytes:
            raise mismatch('E_STATE', 'frame file', f'{self.bytes} bytes', size)
        mapped = mmap.mmap(self._descriptor, self.bytes)
        return [
            {
                name: np.frombuffer(
                    mapped,
                    part.dtype,
                    math.prod(part.shape),
                    copy * self._layout.slot_bytes + part.offset,
                ).reshape(part.shape)
                for name, part in self._layout.parts.items()
            }
            for copy in range(self.count)
        ]

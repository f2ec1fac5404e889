"""Tensors as a file of torch.save describes them: views of storages of plain numbers."""

import math

# Storage classes of torch: numpy's name of the type and bytes of an element.
STORAGES = {
    'DoubleStorage': ('f8', 8),
    'FloatStorage': ('f4', 4),
    'HalfStorage': ('f2', 2),
    'LongStorage': ('i8', 8),
    'IntStorage': ('i4', 4),
    'ShortStorage': ('i2', 2),
    'CharStorage': ('i1', 1),
    'ByteStorage': ('u1', 1),
    'BoolStorage': ('b1', 1),
}
MOST_BYTES = 2**31


class Refused(Exception):
    """The file is not what this program reads; its text says why."""


class Storage:
    """The numbers that tensors are views of; those of old files come after the pickle."""

    def __init__(self, kind, elements):
        self.dtype, self.item_bytes = STORAGES[kind]
        self.elements = elements
        self.data = None


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        if not isinstance(storage, Storage):
            raise Refused('a tensor without a storage')
        numbers = [offset, *shape, *strides]
        if len(shape) != len(strides) or any(not isinstance(n, int) or n < 0 for n in numbers):
            raise Refused(f'a tensor of shape {shape}')
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def contents(self):
        """The numbers in row-major order, little-endian."""
        size = self.storage.item_bytes
        count = math.prod(self.shape)
        if count * size > MOST_BYTES:
            raise Refused(f'a tensor of shape {list(self.shape)}: more than {MOST_BYTES} bytes')
        if count == 0:
            return b''
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        if last >= self.storage.elements:
            raise Refused(
                f'a tensor of shape {list(self.shape)} over {self.storage.elements} numbers'
            )
        data = self.storage.data
        if self.strides == row_major(self.shape):
            return data[self.offset * size : (self.offset + count) * size]
        out = bytearray(count * size)
        for place, index in enumerate(indices(self.shape)):
            at = (self.offset + sum(i * s for i, s in zip(index, self.strides, strict=True))) * size
            out[place * size : (place + 1) * size] = data[at : at + size]
        return bytes(out)


def row_major(shape):
    strides = [1] * len(shape)
    for axis in reversed(range(len(shape) - 1)):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    return tuple(strides)


def indices(shape):
    index = [0] * len(shape)
    for _ in range(math.prod(shape)):
        yield index
        for axis in reversed(range(len(shape))):
            index[axis] += 1
            if index[axis] < shape[axis]:
                break
            index[axis] = 0

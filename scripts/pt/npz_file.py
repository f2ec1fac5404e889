"""Writes an npz without numpy."""

import os
import struct
import tempfile
import zipfile


def npy(dtype, shape, data):
    order = '|' if dtype.endswith('1') else '<'
    sizes = (
        ''.join(f'{size}, ' for size in shape).strip()
        if len(shape) == 1
        else ', '.join(map(str, shape))
    )
    header = f"{{'descr': '{order}{dtype}', 'fortran_order': False, 'shape': ({sizes}), }}"
    padding = -(10 + len(header) + 1) % 64
    head = header.encode('latin1') + b' ' * padding + b'\n'
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + data


def write_npz(path, tensors, layout):
    """Beside the target first, then renamed: nobody sees half a file."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, partial = tempfile.mkstemp(suffix='.partial', dir=folder)
    try:
        with os.fdopen(handle, 'wb') as stream:
            with zipfile.ZipFile(stream, 'w') as archive:
                for name, tensor in tensors.items():
                    content = npy(tensor.storage.dtype, tensor.shape, tensor.contents())
                    put(archive, name, content)
                text = layout.encode()
                put(archive, 'layout', npy('u1', (len(text),), text))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise


def put(archive, name, content):
    # Of a fixed date, so that equal weights make equal files.
    archive.writestr(zipfile.ZipInfo(f'{name}.npy', (1980, 1, 1, 0, 0, 0)), content)

"""The messages of protocol "spiq" 1: a JSON header in a frame, and a frame of raw bytes for each tensor.

docs/worker.md describes them; ts/wire/message.ts is the other side.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PROTOCOL = 1
MOST_HEADER_BYTES = 64 * 1024
MOST_MESSAGE_BYTES = 256 * 1024 * 1024
MOST_TENSORS = 64
MOST_DIMENSIONS = 8

# Little-endian whatever the machine.
DTYPES = {
    'f32': np.dtype('<f4'),
    'f64': np.dtype('<f8'),
    'i32': np.dtype('<i4'),
    'u32': np.dtype('<u4'),
    'u16': np.dtype('<u2'),
    'u8': np.dtype('<u1'),
}
NAMES = {dtype.str: name for name, dtype in DTYPES.items()}
# Bounds of spaces are the only numbers that may be infinite.
UNBOUNDED = {'low', 'high'}


class WireError(Exception):
    """What goes to the client as an error with this code."""

    def __init__(self, code: str, message: str, retryable: bool = False):
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        # What the request worked on may have changed before it broke off.
        self.broken = False


class Words(str):
    """Words of ours in the place of a received value: they get no quotes."""


def mismatch(code: str, what: str, expected: str, received: Any) -> WireError:
    return WireError(code, f'{what}: expected {expected}, received {show(received)}')


def show(value: Any) -> str:
    if isinstance(value, Words):
        return value
    text = repr(value) if isinstance(value, str) else json_text(value)
    return text if len(text) <= 60 else f'{text[:57]}…'


def json_text(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


@dataclass
class Message:
    type: str
    body: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)
    id: int = 0


def encode(message: Message) -> list[bytes]:
    tensors = []
    frames = []
    for name, array in message.tensors.items():
        dtype = NAMES.get(array.dtype.str)
        if dtype is None:
            raise mismatch('E_PROTOCOL', f"tensor '{name}'", ' | '.join(DTYPES), Words(array.dtype))
        tensors.append({'name': name, 'dtype': dtype, 'shape': list(array.shape)})
        frames.append(array.tobytes())
    header = {
        'p': 'spiq',
        'v': PROTOCOL,
        'id': message.id,
        'type': message.type,
        'body': message.body,
        'tensors': tensors,
    }
    first = _to_json(header).encode()
    if len(first) > MOST_HEADER_BYTES:
        raise mismatch('E_TOO_LARGE', 'header', f'{MOST_HEADER_BYTES} bytes at most', len(first))
    total = len(first) + sum(map(len, frames))
    if total > MOST_MESSAGE_BYTES:
        raise mismatch('E_TOO_LARGE', 'message', f'{MOST_MESSAGE_BYTES} bytes at most', total)
    return [first, *frames]


def header_of(frames: list[bytes]) -> dict[str, Any]:
    if not frames:
        raise mismatch('E_PROTOCOL', 'message', 'a header', Words('nothing'))
    if len(frames[0]) > MOST_HEADER_BYTES:
        size = len(frames[0])
        raise mismatch('E_TOO_LARGE', 'header', f'{MOST_HEADER_BYTES} bytes at most', size)
    try:
        header = _from_json(frames[0].decode())
    except (ValueError, RecursionError) as cause:
        raise mismatch('E_PROTOCOL', 'header', 'JSON in UTF-8', Words(cause)) from None
    if not isinstance(header, dict) or header.get('p') != 'spiq':
        raise mismatch('E_PROTOCOL', 'header', 'an object with "p":"spiq"', header)
    return header


def decode(header: dict[str, Any], frames: list[bytes]) -> Message:
    """`header` is what `header_of` made of the frames."""
    if not is_whole(header.get('v'), 1):
        raise mismatch('E_PROTOCOL', "header 'v'", 'a version', header.get('v'))
    if header['v'] > PROTOCOL:
        raise mismatch('E_VERSION', "header 'v'", f'version {PROTOCOL}', header['v'])
    number, kind = header.get('id'), header.get('type')
    if not is_whole(number, 0):
        raise mismatch('E_PROTOCOL', "header 'id'", 'a whole number of at least 0', number)
    if not isinstance(kind, str) or kind == '':
        raise mismatch('E_PROTOCOL', "header 'type'", 'a string', kind)
    body = header.get('body', {})
    if not isinstance(body, dict):
        raise mismatch('E_PROTOCOL', "header 'body'", 'an object', body)
    entries = header.get('tensors', [])
    if not isinstance(entries, list) or len(entries) > MOST_TENSORS:
        expected = f'a list of at most {MOST_TENSORS}'
        raise mismatch('E_PROTOCOL', "header 'tensors'", expected, entries)
    if len(frames) != len(entries) + 1:
        expected = f'one for the header and {len(entries)} for tensors'
        raise mismatch('E_PROTOCOL', 'frames', expected, len(frames))
    tensors: dict[str, np.ndarray] = {}
    for entry, data in zip(entries, frames[1:], strict=True):
        name, array = _tensor(entry, data)
        if name in tensors:
            raise mismatch('E_PROTOCOL', f"tensor '{name}'", 'a name used once', Words('it twice'))
        tensors[name] = array
    return Message(kind, body, tensors, number)


def _tensor(entry: Any, data: bytes) -> tuple[str, np.ndarray]:
    if not isinstance(entry, dict):
        raise mismatch('E_PROTOCOL', 'tensor', 'an object', entry)
    name, dtype, shape = (entry.get(key) for key in ('name', 'dtype', 'shape'))
    if not isinstance(name, str) or name == '':
        raise mismatch('E_PROTOCOL', 'tensor name', 'a string', name)
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise mismatch('E_PROTOCOL', f"dtype of tensor '{name}'", ' | '.join(DTYPES), dtype)
    fits = isinstance(shape, list) and len(shape) <= MOST_DIMENSIONS
    if not fits or not all(is_whole(size, 0) for size in shape):
        expected = f'at most {MOST_DIMENSIONS} whole numbers'
        raise mismatch('E_PROTOCOL', f"shape of tensor '{name}'", expected, shape)
    size = math.prod(shape) * DTYPES[dtype].itemsize
    if size != len(data):
        raise mismatch('E_PROTOCOL', f"bytes of tensor '{name}'", str(size), len(data))
    array = np.frombuffer(data, DTYPES[dtype]).reshape(shape)
    real = dtype in ('f32', 'f64')
    if real and not (~np.isnan(array) if name in UNBOUNDED else np.isfinite(array)).all():
        raise mismatch('E_NOT_FINITE', f"tensor '{name}'", 'finite numbers', Words('others'))
    return name, array


def _no_constant(text: str) -> Any:
    raise ValueError(f'{text} is no JSON')


# `json.dumps` and `json.loads` would make these anew at each call, which takes as long as the rest of it.
_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(',', ':')).encode
_from_json = json.JSONDecoder(parse_constant=_no_constant).decode


def is_whole(value: Any, least: int, most: int = 2**53 - 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

"""Writes npz and json files whose bytes depend on nothing but their contents."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np

# The earliest time a zip entry can carry: a real one would make every run differ.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3


def write_npz(path, arrays):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, 'w') as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f'{name}.npy', FIXED_TIME)
            entry.create_system = UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, npy_bytes(array), compresslevel=9)
    announce(path)


def npy_bytes(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def write_json(path, value):
    """Indented, except that the entries of a top-level list `cases` take one line each."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    cases = value.get('cases')
    if cases is None:
        text = json.dumps(value, indent=2)
    else:
        rows = ',\n'.join(f'    {json.dumps(case)}' for case in cases)
        head = json.dumps({**value, 'cases': []}, indent=2)
        text = head.replace('"cases": []', f'"cases": [\n{rows}\n  ]')
    path.write_text(text + '\n', encoding='utf-8')
    announce(path)


def announce(path):
    print(f'wrote {path} ({path.stat().st_size} bytes)', flush=True)

"""Reads files of torch.save, new (a zip) and old (torch before 1.6), without running anything in them."""

import io
import pickle
import struct
import zipfile
from collections import OrderedDict

from .tensor import MOST_BYTES, STORAGES, Refused, Storage, Tensor

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001


class StorageKind:
    def __init__(self, name):
        self.name = name


def rebuild_tensor(storage, offset, shape, strides, *_):
    return Tensor(storage, offset, tuple(shape), tuple(strides))


def rebuild_parameter(tensor, *_):
    return tensor


KNOWN = {
    ('collections', 'OrderedDict'): OrderedDict,
    ('torch._utils', '_rebuild_tensor'): rebuild_tensor,
    ('torch._utils', '_rebuild_tensor_v2'): rebuild_tensor,
    ('torch._utils', '_rebuild_parameter'): rebuild_parameter,
    **{('torch', name): StorageKind(name) for name in STORAGES},
}


class Unpickler(pickle.Unpickler):
    """Knows the names above and no other."""

    def __init__(self, stream, load_storage):
        super().__init__(stream, encoding='utf-8')
        self.load_storage = load_storage

    def find_class(self, module, name):
        try:
            return KNOWN[module, name]
        except KeyError:
            raise Refused(
                f'the pickle calls {module}.{name}: only tensors in a state dictionary, a tuple or a '
                'list are read (save model.state_dict() in place of a whole model)'
            ) from None

    def persistent_load(self, pid):
        if not isinstance(pid, tuple) or len(pid) < 5 or pid[0] != 'storage':
            raise Refused('a pickle that is not of torch.save')
        _, kind, key, _, elements, *view = pid
        if not isinstance(kind, StorageKind) or not isinstance(elements, int) or elements < 0:
            raise Refused('a storage of an unknown type')
        if any(part is not None for part in view):
            raise Refused('a storage that is a part of another')
        return self.load_storage(kind.name, str(key), elements)


def load_zip(file):
    with zipfile.ZipFile(file) as archive:
        pickles = [name for name in archive.namelist() if name.split('/')[1:] == ['data.pkl']]
        if len(pickles) != 1:
            raise Refused('a zip without the data.pkl of torch.save')
        folder = pickles[0][: -len('data.pkl')]
        order = f'{folder}byteorder'
        if order in archive.namelist() and archive.read(order) != b'little':
            raise Refused('numbers in big-endian order')
        storages = {}

        def load_storage(kind, key, elements):
            if key in storages:
                return storages[key]
            storage = Storage(kind, elements)
            member = archive.getinfo(f'{folder}data/{key}')
            if member.file_size != elements * storage.item_bytes:
                raise Refused(f'storage {key}: {member.file_size} bytes for {elements} numbers')
            storage.data = archive.read(member)
            storages[key] = storage
            return storage

        return Unpickler(io.BytesIO(archive.read(pickles[0])), load_storage).load()


def load_legacy(stream):
    """Magic number, protocol, system, object, keys of the storages: pickles; then the storages."""
    storages = {}

    def load_storage(kind, key, elements):
        storages.setdefault(key, Storage(kind, elements))
        return storages[key]

    def load():
        return Unpickler(stream, load_storage).load()

    if load() != LEGACY_MAGIC:
        raise Refused('not a file of torch.save')
    if load() != LEGACY_PROTOCOL:
        raise Refused('an unknown protocol of torch.save')
    system = load()
    if not isinstance(system, dict) or system.get('little_endian') is not True:
        raise Refused('numbers in big-endian order')
    content = load()
    for key in load():
        storage = storages.get(str(key))
        (elements,) = struct.unpack('<q', read_exactly(stream, 8))
        if storage is None or elements != storage.elements:
            raise Refused(f'storage {key}: {elements} numbers that no tensor expects')
        storage.data = read_exactly(stream, elements * storage.item_bytes)
    if any(storage.data is None for storage in storages.values()):
        raise Refused('a tensor whose numbers are not in the file')
    return content


def read_exactly(stream, count):
    data = stream.read(count) if count <= MOST_BYTES else b''
    if len(data) != count:
        raise Refused('the file ends too early')
    return data


def load(path):
    with open(path, 'rb') as stream:
        head = stream.read(4)
        stream.seek(0)
        if head == b'PK\x03\x04':
            return load_zip(stream)
        return load_legacy(stream)

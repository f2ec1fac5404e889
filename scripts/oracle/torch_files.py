"""Writes test/oracle/torch/: small files of torch.save, in the new form and the old, and what they hold."""

import pickle
import zipfile

import numpy as np
import torch

from .archive import announce, write_npz


class Touch:
    """What a pickle can do to whoever loads it: here, call a function of the system."""

    def __reduce__(self):
        return (print, ('a pickle has run',))


def write_torch(root):
    folder = root / 'test' / 'oracle' / 'torch'
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(43)
    module = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2, bias=False)
    )
    # As a view: its rows are not where a row-major array has them.
    weights = [module[0].weight.detach().t(), module[2].weight.detach().t().contiguous()]
    bias = module[0].bias.detach()
    contents = {
        'state-dict': module.state_dict(),
        'checkpoint': {'model': module.state_dict(), 'epoch': 7},
        'tuple': (weights, [bias, None]),
        'tuple-no-biases': (weights, None),
        'list': weights,
        'double': {'0.weight': module[0].weight.detach().double()},
        'module': module,
        'number': 5,
    }
    for name, content in contents.items():
        for form, is_new in (('new', True), ('old', False)):
            # The old form of a module quotes its source, with the path of it.
            if name == 'module' and not is_new:
                continue
            path = folder / f'{name}.{form}.pt'
            torch.save(content, path, _use_new_zipfile_serialization=is_new)
            announce(path)
    write_refused(folder)
    arrays = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    write_npz(folder / 'expected.npz', {name: np.asarray(value) for name, value in arrays.items()})


def write_refused(folder):
    torch.save([Touch()], folder / 'harmful.new.pt')
    torch.save([Touch()], folder / 'harmful.old.pt', _use_new_zipfile_serialization=False)
    (folder / 'harmful.plain.pt').write_bytes(pickle.dumps(Touch()))
    with zipfile.ZipFile(folder / 'other.zip.pt', 'w') as archive:
        archive.writestr(zipfile.ZipInfo('readme.txt', (1980, 1, 1, 0, 0, 0)), 'nothing')
    for name in ('harmful.new', 'harmful.old', 'harmful.plain', 'other.zip'):
        announce(folder / f'{name}.pt')

"""Turns the weights in a PyTorch file into an npz that spiq and numpy read: python3 pt_to_npz.py MODEL.pt OUT.npz

Read are files of torch.save, new (a zip) and old (torch before 1.6), that hold one of
  - a state dictionary, names to tensors; becomes arrays under the same names, layout 'out-in';
  - a tuple (list of W, list of b), b or a member of it being None; becomes w0 b0 w1 ..., layout 'in-out';
  - a list of W; becomes w0 w1 ..., layout 'in-out'.
Anything else is refused. Neither torch nor numpy is needed, and nothing in the file is run: of the names that a pickle
can call, only those that tensors are made of are known.
"""

import argparse
import pickle
import sys
import zipfile
import zlib

from pt.npz_file import write_npz
from pt.tensor import Refused, Tensor
from pt.torch_file import load

# What a damaged pickle or zip can make Python's own readers raise.
DAMAGE = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    zlib.error,
    *(ArithmeticError, AttributeError, EOFError, ImportError, LookupError, MemoryError),
    *(NotImplementedError, RecursionError, RuntimeError, TypeError, ValueError),
)


def arrays_of(content, entry, prefix):
    """Names to tensors, and the layout of the matrices."""
    if entry is not None:
        if not isinstance(content, dict) or entry not in content:
            raise Refused(f'no entry {entry!r} at the top of the file')
        content = content[entry]
    if isinstance(content, dict):
        return state_dict(content, prefix), 'out-in'
    if isinstance(content, tuple) and len(content) == 2:
        weights, biases = content
        return numbered(weights, biases), 'in-out'
    if isinstance(content, list):
        return numbered(content, None), 'in-out'
    raise Refused(
        f'{kind_of(content)}: expected a state dictionary, a tuple (list of W, list of b) or a list of W'
    )


def state_dict(content, prefix):
    tensors = {}
    for name, tensor in content.items():
        if not isinstance(name, str) or not isinstance(tensor, Tensor):
            hint = (
                ' (--entry NAME takes a dictionary within it)' if isinstance(tensor, dict) else ''
            )
            raise Refused(
                f'a dictionary with {name!r}: {kind_of(tensor)}, not a state dictionary{hint}'
            )
        if name.startswith(prefix):
            tensors[name[len(prefix) :]] = tensor
    if not tensors:
        raise Refused(f'no tensor whose name begins with {prefix!r}')
    return tensors


def numbered(weights, biases):
    if not isinstance(weights, list) or not weights:
        raise Refused(f'{kind_of(weights)} where a list of matrices should be')
    if biases is None:
        biases = [None] * len(weights)
    if not isinstance(biases, (list, tuple)) or len(biases) != len(weights):
        raise Refused(f'{len(weights)} matrices beside {kind_of(biases)} of biases')
    tensors = {}
    for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if not isinstance(weight, Tensor) or len(weight.shape) != 2:
            raise Refused(f'member {index} of the list: {kind_of(weight)}, not a matrix')
        tensors[f'w{index}'] = weight
        if bias is None:
            continue
        if not isinstance(bias, Tensor):
            raise Refused(f'bias {index}: {kind_of(bias)}, not a tensor')
        tensors[f'b{index}'] = bias
    return tensors


def kind_of(value):
    if isinstance(value, Tensor):
        return f'a tensor of shape {list(value.shape)}'
    if isinstance(value, (list, tuple)):
        return f'a {type(value).__name__} of {len(value)}'
    return f'a {type(value).__name__}'


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split(':')[0])
    parser.add_argument('model', help='file of torch.save')
    parser.add_argument('output', help='npz to write')
    parser.add_argument(
        '--entry', help='of a dictionary of several things, take the one of this name'
    )
    parser.add_argument(
        '--prefix',
        default='',
        help='of a state dictionary, take the names that begin so, without it',
    )
    options = parser.parse_args(arguments)
    try:
        tensors, layout = arrays_of(load(options.model), options.entry, options.prefix)
        if 'layout' in tensors:
            raise Refused('a tensor named layout')
        write_npz(options.output, tensors, layout)
    except Refused as reason:
        print(f'{options.model}: {reason}', file=sys.stderr)
        return 1
    except OSError as error:
        print(f'{error.filename or options.model}: {error.strerror or error}', file=sys.stderr)
        return 1
    except DAMAGE as error:
        print(
            f'{options.model}: not a sound file of torch.save ({type(error).__name__}: {error})',
            file=sys.stderr,
        )
        return 1
    names = ', '.join(f'{name} {list(tensor.shape)}' for name, tensor in tensors.items())
    print(f'{layout}: {names}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

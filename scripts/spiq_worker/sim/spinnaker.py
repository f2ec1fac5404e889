"""sPyNNaker: networks on a board, and networks mapped for one that is not there."""

import ipaddress
import os

import numpy as np

from ..fields import Fields
from ..loop import Turn
from ..wire import WireError, mismatch
from .engine import Capabilities, Outcome, Raster
from .scratch import live_in_scratch
from .spec import Spec

# Before the import: it looks for its settings in the home folder, and writes some there where it finds none.
_folder = live_in_scratch()

from . import spinnaker_net as mapped  # noqa: E402

# By their numbers of chips: 4 and 48.
BOARDS = (3, 5)


class _Engine:
    name: str
    packages = ('spynnaker', 'pynn')
    models = ('IF_curr_delta',)
    exclusive = True
    bytes_each = (16384, 256)

    def check(self, spec: Spec) -> None:
        mapped.check(self.name, spec)
        self.machine(spec.options)

    def machine(self, options: Fields) -> str:
        raise NotImplementedError

    def set_up(self, spec: Spec) -> None:
        with open(os.path.join(_folder, '.spynnaker.cfg'), 'w') as file:
            file.write(f'[Machine]\n{self.machine(spec.options)}\n')


class VirtualEngine(_Engine):
    """The tool chain in earnest, up to the weights as the chip would get them. What the chip would do with them is for
    spiq's fixed-point emulation to say: nothing simulates here, and no spike is made up."""

    name = 'spinnaker-virtual'
    # Nothing stays in the tool chain once a network is mapped.
    exclusive = False
    capabilities = Capabilities(
        resets=('zero',), semantics=('direct',), exact=False, predicted=True, batch=64
    )

    def machine(self, options: Fields) -> str:
        return f'virtual_board = True\nversion = {_version(options)}'

    def build(self, spec: Spec) -> 'VirtualNetwork':
        self.set_up(spec)
        return VirtualNetwork(spec)


class VirtualNetwork:
    def __init__(self, spec: Spec):
        self.lag = list(range(len(spec.layers)))
        made = mapped.build(spec)
        try:
            mapped.run(spec)
            self.effective, self.tensors = mapped.effective(spec, made)
        finally:
            mapped.end()

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        raise _does_not_simulate()

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        raise _does_not_simulate()

    def close(self) -> None:
        pass


class BoardEngine(_Engine):
    name = 'spinnaker'
    capabilities = Capabilities(resets=('zero',), semantics=('direct',), exact=False, batch=256)

    def machine(self, options: Fields) -> str:
        name = options.text('machine')
        if not _is_address(name):
            expected = 'the address of a board, which is no loopback'
            raise mismatch('E_ARGUMENT', "options 'machine'", expected, name)
        return f'machine_name = {name}\nversion = {_version(options)}'

    def build(self, spec: Spec) -> 'BoardNetwork':
        self.set_up(spec)
        return BoardNetwork(spec)


class BoardNetwork:
    """Each run is one on the board, with as many copies as there are."""

    def __init__(self, spec: Spec):
        self._spec = spec
        self.lag = list(range(len(spec.layers)))
        self._made = mapped.build(spec)
        try:
            # Loads the board; without this the first observation would be the first to fail.
            mapped.run(spec)
            self.effective, self.tensors = mapped.effective(spec, self._made)
        except BaseException:
            mapped.end()
            raise

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        self._run_again(currents)
        spec, rows = self._spec, len(currents)
        counts = [np.zeros((spec.copies, 0))]
        for number, layer in enumerate(spec.layers):
            if layer.fires:
                units, _ = self._counted(number)
                total = np.bincount(units, minlength=spec.copies * layer.units)
                counts.append(total.reshape(spec.copies, -1))
        potentials = mapped.last_potentials(spec, self._made).reshape(spec.copies, -1)
        clipped = self._made.clipped
        overflows = mapped.overflows(spec, currents)
        return Outcome(potentials[:rows], np.hstack(counts)[:rows], spec.steps, clipped, overflows)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        self._run_again(currents[None])
        spikes = []
        for number, layer in enumerate(self._spec.layers):
            if layer.fires:
                units, steps = self._counted(number)
                pairs = np.stack([steps, units], axis=1)[units < layer.units]
                spikes.append(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
        if potentials:
            text = 'potentials of all layers: expected a back end that records them, received spinnaker'
            raise WireError('E_UNSUPPORTED', text)
        return Raster(spikes, None)

    def close(self) -> None:
        mapped.end()

    def _run_again(self, currents: np.ndarray) -> None:
        mapped.rewind(self._spec, self._made, currents)
        mapped.run(self._spec)

    def _counted(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Units and steps of the spikes of a layer in its own steps."""
        units, times = mapped.spikes(self._made, number)
        steps = times - self.lag[number]
        ours = (steps >= 0) & (steps < self._spec.steps)
        return units[ours], steps[ours]


def _version(options: Fields) -> int:
    version = options.whole('boardVersion', BOARDS[-1], 1, 10_000)
    if version not in BOARDS:
        raise mismatch('E_RANGE', "options 'boardVersion'", ' | '.join(map(str, BOARDS)), version)
    return version


def _is_address(name: str) -> bool:
    """127.0.0.1 answers in ways that the tool chain takes for an old board's."""
    try:
        return not ipaddress.ip_address(name).is_loopback
    except ValueError:
        plain = all(part.replace('-', '').isalnum() for part in name.split('.'))
        return plain and name.split('.')[0] != 'localhost'


def _does_not_simulate() -> WireError:
    text = (
        'spinnaker-virtual: expected a back end that simulates, received one that maps the network and gives its '
        'weights as the chip would have them'
    )
    return WireError('E_UNSUPPORTED', text)

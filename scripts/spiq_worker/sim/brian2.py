"""Brian2, equations and all written out: slow for one observation, but a second opinion that owes nothing to NEST.

The schedule has slots for each layer, so that spikes reach the next layer in the step in which they were fired.
"""

import os
from typing import Any

import brian2
import numpy as np
from brian2 import ms

from ..loop import Turn
from ..wire import WireError
from .engine import Capabilities, Outcome, Raster
from .spec import Layer, Spec

# Compiling takes longer than what is run here.
brian2.prefs.codegen.target = 'numpy'

VARIABLES = """
v : 1
c : 1
current : 1
n : 1
b : 1 (constant)
theta : 1 (constant)
"""
NEUTRAL = ('start', 'groups', 'thresholds', 'synapses', 'resets', 'end')


def _without_files() -> None:
    """Brian2 writes a log into the temporary folder; a worker that is killed would leave it there."""
    logger = brian2.BrianLogger
    if logger.file_handler is not None:
        logger.file_handler.close()
        brian2.utils.logger.logging.getLogger('brian2').removeHandler(logger.file_handler)
        logger.file_handler = None
    for name in ('tmp_log', 'tmp_script'):
        path = getattr(logger, name)
        if path is not None and os.path.exists(path):
            os.remove(path)
        setattr(logger, name, None)


_without_files()


class Brian2Engine:
    name = 'brian2'
    packages = ('brian2',)
    models = ('NeuronGroup',)
    capabilities = Capabilities()
    exclusive = False
    bytes_each = (256, 64)

    def check(self, spec: Spec) -> None:
        pass

    def build(self, spec: Spec) -> 'Brian2Network':
        return Brian2Network(spec)


class Brian2Network:
    def __init__(self, spec: Spec):
        self._spec = spec
        self.lag = [0] * len(spec.layers)
        self.effective: dict[str, Any] = {}
        self.tensors: dict[str, np.ndarray] = {}
        self._clock = brian2.Clock(dt=1 * ms)
        self._groups: list[Any] = []
        self._turn: Turn | None = None
        self._error: WireError | None = None
        self._tape: list[list[tuple[np.ndarray, np.ndarray]]] | None = None
        self._network = brian2.Network()
        slots: list[str] = []
        for number, layer in enumerate(spec.layers):
            slots += _slots(spec, number)
            group = self._add_layer(number, layer)
            if number > 0:
                self._connect(number, layer, group)
            self._groups.append(group)
        self._network.add(
            brian2.NetworkOperation(self._between_steps, clock=self._clock, when='end')
        )
        self._network.schedule = ['start', *slots, *NEUTRAL[1:]]

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        self._go(currents, turn)
        copies, rows = self._spec.copies, len(currents)
        counts = [np.zeros((copies, 0))] + [
            np.array(group.n).reshape(copies, -1)
            for group, layer in zip(self._groups, self._spec.layers, strict=True)
            if layer.fires
        ]
        potentials = np.array(self._groups[-1].v).reshape(copies, -1)
        return Outcome(potentials[:rows], np.hstack(counts)[:rows], self._spec.steps)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        self._tape = tape = []
        try:
            self._go(currents[None], turn)
        finally:
            self._tape = None
        spikes, traces = [], []
        for number, layer in enumerate(self._spec.layers):
            traces.append(np.array([step[number][0] for step in tape]))
            if layer.fires:
                pairs = [(t, unit) for t, step in enumerate(tape) for unit in step[number][1]]
                spikes.append(np.array(pairs, np.int64).reshape(-1, 2))
        return Raster(spikes, traces if potentials else None)

    def close(self) -> None:
        pass

    def _add_layer(self, number: int, layer: Layer) -> Any:
        spec = self._spec
        fires = {}
        if layer.fires:
            taken = 'v = 0' if spec.reset == 'zero' else f'v -= {"1" if spec.dsqn else "theta"}'
            fires = {
                'threshold': f'v {">" if spec.dsqn else ">="} theta',
                'reset': f'{taken}; n += 1',
            }
        size = spec.copies * layer.units
        group = brian2.NeuronGroup(size, VARIABLES, clock=self._clock, namespace={}, **fires)
        if layer.fires:
            group.thresholder['spike'].when = f'fire{number}'
            group.resetter['spike'].when = f'take{number}'
        group.b = 0 if number == 0 else np.tile(layer.bias, spec.copies)
        group.theta = np.tile(spec.thresholds(layer), spec.copies)
        # The first layer's sums are the same in every step.
        clear = '' if number == 0 else '; c = 0'
        if spec.dsqn:
            group.run_regularly('v += current', clock=self._clock, when=f'add{number}')
            group.run_regularly(f'current = c + b{clear}', clock=self._clock, when=f'keep{number}')
        else:
            group.run_regularly(f'v += c + b{clear}', clock=self._clock, when=f'add{number}')
        self._network.add(group)
        return group

    def _connect(self, number: int, layer: Layer, group: Any) -> None:
        if layer.value.size == 0:
            return
        before = self._groups[-1]
        copies = np.arange(self._spec.copies)[:, None]
        synapses = brian2.Synapses(
            before, group, 'w : 1 (constant)', on_pre='c_post += w', clock=self._clock, namespace={}
        )
        synapses.connect(
            i=(copies * (len(before) // len(copies)) + layer.pre).reshape(-1),
            j=(copies * layer.units + layer.post).reshape(-1),
        )
        synapses.w = np.tile(layer.value, self._spec.copies)
        synapses.pre.when = f'send{number - 1}'
        self._network.add(synapses)

    def _go(self, currents: np.ndarray, turn: Turn) -> None:
        for group in self._groups:
            group.v, group.c, group.current, group.n = 0, 0, 0, 0
        driven = np.zeros((self._spec.copies, currents.shape[1]))
        driven[: len(currents)] = currents
        self._groups[0].c = driven.reshape(-1)
        self._turn, self._error = turn, None
        self._network.run(self._spec.steps * ms, namespace={})
        if self._error is not None:
            raise self._error

    def _between_steps(self) -> None:
        assert self._turn is not None
        if self._tape is not None:
            self._tape.append(
                [
                    (
                        np.array(group.v[: layer.units]),
                        np.sort(group.spikes[group.spikes < layer.units])
                        if layer.fires
                        else np.zeros(0, np.int64),
                    )
                    for group, layer in zip(self._groups, self._spec.layers, strict=True)
                ]
            )
        try:
            self._turn.pause()
        except WireError as error:
            # Brian2 takes an error out of a run for one of its own.
            self._error = error
            self._network.stop()


def _slots(spec: Spec, number: int) -> list[str]:
    order = (
        ('fire', 'send', 'add', 'take', 'keep') if spec.dsqn else ('add', 'fire', 'take', 'send')
    )
    return [f'{slot}{number}' for slot in order]

"""The yardstick: both semantics of docs/architecture.md in numpy, float64, in the order of every sum."""

from typing import Any

import numpy as np

from ..loop import Turn
from .engine import Capabilities, Outcome, Raster
from .spec import Layer, Spec


class ReferenceEngine:
    name = 'reference'
    packages = ('numpy',)
    models = ('integrate-and-fire',)
    capabilities = Capabilities(batch=4096)
    exclusive = False
    bytes_each = (128, 64)

    def check(self, spec: Spec) -> None:
        pass

    def build(self, spec: Spec) -> 'ReferenceNetwork':
        return ReferenceNetwork(spec)


class ReferenceNetwork:
    def __init__(self, spec: Spec):
        self._spec = spec
        self.lag = [0] * len(spec.layers)
        self.effective: dict[str, Any] = {}
        self.tensors: dict[str, np.ndarray] = {}
        self._sums = [_Sums(layer) for layer in spec.layers[1:]]

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        states = self._rest(len(currents))
        totals = [np.zeros((len(currents), layer.units)) for layer in self._spec.firing]
        for _ in range(self._spec.steps):
            spikes = self._step(states, currents)
            for total, fired in zip(totals, spikes, strict=False):
                total += fired
            turn.pause()
        return Outcome(states[-1].v, np.hstack(totals or [states[-1].v[:, :0]]), self._spec.steps)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        states = self._rest(1)
        spikes: list[list[tuple[int, int]]] = [[] for _ in self._spec.firing]
        seen: list[list[np.ndarray]] = [[] for _ in states]
        for step in range(self._spec.steps):
            fired = self._step(states, currents[None])
            for found, row in zip(spikes, fired, strict=False):
                found += [(step, unit) for unit in np.flatnonzero(row[0])]
            for rows, state in zip(seen, states, strict=True):
                rows.append(state.v[0].copy())
            turn.pause()
        pairs = [np.array(found, np.int64).reshape(-1, 2) for found in spikes]
        return Raster(pairs, [np.array(rows) for rows in seen] if potentials else None)

    def close(self) -> None:
        pass

    def _rest(self, rows: int) -> list['_State']:
        return [_State(self._spec, layer, rows) for layer in self._spec.layers]

    def _step(self, states: list['_State'], currents: np.ndarray) -> list[np.ndarray]:
        c = currents
        spikes = []
        for number, state in enumerate(states):
            if number > 0:
                c = self._sums[number - 1].of(spikes[-1])
            spikes.append(state.step(c))
        return spikes


class _State:
    """The neurons of one layer."""

    def __init__(self, spec: Spec, layer: Layer, rows: int):
        self.v = np.zeros((rows, layer.units))
        self._i = np.zeros((rows, layer.units))
        self._dsqn = spec.dsqn
        self._subtracts = spec.reset == 'subtraction'
        self._fires = layer.fires
        self._theta = spec.thresholds(layer)

    def step(self, c: np.ndarray) -> np.ndarray:
        if self._dsqn:
            return self._step_dsqn(c)
        self.v = self.v + c
        fired = self.v >= self._theta if self._fires else np.zeros(self.v.shape, bool)
        if self._subtracts:
            self.v = self.v - fired * self._theta
        else:
            self.v[fired] = 0
        return fired

    def _step_dsqn(self, c: np.ndarray) -> np.ndarray:
        """Fires by the potential before this step; a spike takes 1 from it, whatever the threshold."""
        fired = self.v > self._theta if self._fires else np.zeros(self.v.shape, bool)
        self.v = self.v + self._i
        if self._subtracts:
            self.v = self.v - fired
        else:
            self.v[fired] = 0
        self._i = c
        return fired


class _Sums:
    """What spikes [rows, inputs] add up to, inputs ascending, the bias last."""

    def __init__(self, layer: Layer):
        self._layer = layer
        self._columns = None if layer.dense is None else np.ascontiguousarray(layer.dense.T)

    def of(self, spikes: np.ndarray) -> np.ndarray:
        layer, columns = self._layer, self._columns
        sums = np.zeros((len(spikes), layer.units))
        if columns is None:
            for row, fired in zip(sums, spikes, strict=True):
                chosen = fired[layer.pre]
                # Adds in the order given.
                row += np.bincount(layer.post[chosen], layer.value[chosen], layer.units)
        elif len(columns) <= len(spikes):
            for k in np.flatnonzero(spikes.any(axis=0)):
                sums += spikes[:, k, None] * columns[k]
        else:
            for row, fired in zip(sums, spikes, strict=True):
                chosen = columns[fired]
                if len(chosen) > 0:
                    # Unlike a sum, which goes in pairs, it goes on in order.
                    row[:] = np.add.accumulate(chosen, axis=0)[-1]
        return sums + layer.bias

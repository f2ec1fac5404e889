"""Runs a network that lies in NEST, observation after observation, whoever has built it there."""

import time
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np

from ..loop import LOOK_EVERY, Turn
from .engine import Outcome, Raster, unsupported
from .nest_devices import Devices, Placed
from .nest_kernel import nest
from .nest_plan import Frame
from .spec import Layer, Spec

# Frames that the devices know ahead: telling them takes as long as many steps.
MOST_AHEAD = 64
MOST_SCHEDULED = 2**16  # spikes


class Clock(Protocol):
    def advance(self, steps: int) -> None: ...

    def paused(self) -> AbstractContextManager[None]:
        """Recorders are emptied in a pause between runs only."""


class NestLoop:
    def __init__(self, spec: Spec, layers: list[Placed], clock: Clock):
        self._spec = spec
        self._layers = layers
        self._clock = clock
        self._frame = Frame.of(spec)
        self.lag = list(self._frame.lag)
        self._now = round(nest.biological_time)
        self._ahead = 0
        self._broken_off = False
        # Seconds for a step, as seen last.
        self._pace = LOOK_EVERY
        self._devices = Devices(spec, layers, self._frame)

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        spec, output = self._spec, self._layers[-1]
        if 'potentials' in want:
            self._check_potentials(spec.layers[-1])
        watch = 'counts' in want or output.took is not None
        start = self._begin(currents, watch)
        self._go(self._frame.length, turn)
        self._broken_off = False
        potentials = np.array(output.nodes.get('V_m'), float).reshape(-1)
        times, senders = self._devices.events() if watch else (np.zeros(0, np.int64),) * 2
        if output.took is not None:
            self._give_back(potentials, output, senders[times == start + self._frame.length])
        totals = self._count(times - start, senders)
        rows = len(currents)
        potentials = potentials.reshape(spec.copies, -1)
        return Outcome(potentials[:rows], totals[:rows], self._frame.length)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        if potentials:
            for layer in self._spec.layers:
                self._check_potentials(layer)
        start = self._begin(currents[None], True)
        seen: list[list[np.ndarray]] = []
        if potentials:
            first_copies = [
                placed.nodes[: layer.units]
                for placed, layer in zip(self._layers, self._spec.layers, strict=True)
            ]
            for _ in range(self._frame.length):
                self._go(1, turn)
                turn.pause()
                seen.append([np.atleast_1d(nodes.get('V_m')) for nodes in first_copies])
        else:
            self._go(self._frame.length, turn)
        self._broken_off = False
        found = self._spikes(start)
        spikes = [
            self._counted(number, found[number])
            for number, layer in enumerate(self._spec.layers)
            if layer.fires
        ]
        return Raster(spikes, self._traces(seen, found) if potentials else None)

    def _spikes(self, start: int) -> list[np.ndarray]:
        """[spikes, 2] of the first copy of each layer, by time: time behind the start of the frame, and unit."""
        times, senders = self._devices.events()
        found = []
        for placed, layer in zip(self._layers, self._spec.layers, strict=True):
            units = senders - placed.first
            ours = (units >= 0) & (units < layer.units)
            pairs = np.stack([times[ours] - start, units[ours]], axis=1)
            found.append(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
        return found

    def _counted(self, number: int, found: np.ndarray) -> np.ndarray:
        """With steps of the semantics in place of times."""
        first, end = self._frame.window(number)
        counted = found[(found[:, 0] >= first) & (found[:, 0] < end)]
        return counted + np.array([self._frame.first_spike - first, 0])

    def _check_potentials(self, layer: Layer) -> None:
        if layer.fires and self._spec.dsqn and self._spec.reset == 'zero':
            raise unsupported(
                'NEST',
                'potentials under dsqn',
                'layers that do not fire, or reset by subtraction',
                "reset 'zero', which forgets the potential as soon as it fires",
            )

    def _traces(self, seen: list[list[np.ndarray]], found: list[np.ndarray]) -> list[np.ndarray]:
        """[steps, units] of each layer; `dsqn` has potentials of 0 in its first step."""
        traces = []
        late = self._spec.steps - self._frame.inputs
        for number, placed in enumerate(self._layers):
            first = self._frame.start + self._frame.lag[number]
            rows = [values[number] for values in seen[first - 1 : first - 1 + self._frame.inputs]]
            trace = np.array([np.zeros(len(seen[0][number]))] * late + rows)
            if placed.took is not None:
                times, units = found[number].T
                steps = times - first + late
                within = (steps >= late) & (steps < len(trace))
                trace[steps[within], units[within]] += placed.took[units[within]]
            traces.append(trace)
        return traces

    def _begin(self, currents: np.ndarray, forget: bool) -> int:
        if self._broken_off:
            self._advance(self._devices.stop())
            self._ahead = 0
        self._broken_off = True
        if self._ahead == 0:
            self._ahead = max(1, min(MOST_AHEAD, MOST_SCHEDULED // self._frame.length))
            self._devices.schedule(self._now, self._ahead)
            forget = True
        if forget:
            with self._clock.paused():
                self._devices.forget()
        self._devices.drive(currents)
        self._ahead -= 1
        return self._now

    def _go(self, steps: int, turn: Turn) -> None:
        left = steps
        while left > 0:
            part = max(1, min(left, int(LOOK_EVERY / self._pace)))
            start = time.perf_counter()
            self._advance(part)
            self._pace = (time.perf_counter() - start) / part
            left -= part
            if left > 0:
                turn.pause()

    def _advance(self, steps: int) -> None:
        self._clock.advance(steps)
        self._now += steps

    def _count(self, times: np.ndarray, senders: np.ndarray) -> np.ndarray:
        spec = self._spec
        totals = []
        for number, (placed, layer) in enumerate(zip(self._layers, spec.layers, strict=True)):
            if not layer.fires:
                continue
            first, end = self._frame.window(number)
            units = senders - placed.first
            size = spec.copies * layer.units
            ours = (units >= 0) & (units < size) & (times >= first) & (times < end)
            totals.append(np.bincount(units[ours], minlength=size).reshape(spec.copies, -1))
        return np.hstack(totals) if totals else np.zeros((spec.copies, 0))

    def _give_back(self, potentials: np.ndarray, output: Placed, senders: np.ndarray) -> None:
        units = senders - output.first
        units = units[(units >= 0) & (units < potentials.size)]
        potentials[units] += np.tile(output.took, self._spec.copies)[units]

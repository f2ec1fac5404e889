"""The back end of simulators: the messages sim.build, sim.run, sim.evaluate, sim.raster and sim.destroy."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ..fields import Fields
from ..loop import Turn
from ..wire import Message, WireError, Words, mismatch
from .engine import Engine, Network, Outcome
from .registry import Held, Registry
from .spec import LARGEST, read_spec

WANTED = ('potentials', 'counts')
MOST_SPIKES = 2**24


class SimulationBackend:
    def __init__(self, engine: Engine, turn: Turn):
        self.name = engine.name
        self.packages = engine.packages
        self.abilities = {'models': engine.models, 'caps': engine.capabilities.body()}
        self._turn = turn
        self._registry = Registry(engine)
        self.handlers = {
            'sim.build': self.build,
            'sim.run': self.run,
            'sim.evaluate': self.evaluate,
            'sim.raster': self.raster,
            'sim.destroy': self.destroy,
        }

    def client_changed(self) -> None:
        self._registry.clear()

    def build(self, message: Message) -> Message:
        spec = read_spec(message)
        network, milliseconds = self._registry.add(spec)
        body = {
            'net': spec.name,
            'lag': network.lag,
            'neurons': spec.neurons * spec.copies,
            'synapses': spec.synapses * spec.copies,
            'buildMs': milliseconds,
            'effective': network.effective,
        }
        return Message('sim.built', body, network.tensors)

    def run(self, message: Message) -> Message:
        fields = Fields(message.body, 'sim.run')
        held = self._registry.named(fields.text('net'), 'sim.run')
        want = _wanted(fields)
        fields.done()
        x = _observations(message, held)
        if len(x) > held.spec.copies:
            expected = f'at most {held.spec.copies} rows, one for each copy'
            raise mismatch('E_RANGE', "tensor 'x' of sim.run", expected, len(x))
        return self._results(held, x, want, lambda done: None)

    def evaluate(self, message: Message) -> Message:
        fields = Fields(message.body, 'sim.evaluate')
        held = self._registry.named(fields.text('net'), 'sim.evaluate')
        want = _wanted(fields)
        chunk = fields.whole('chunk', 256, 1, 2**31)
        fields.done()
        x = _observations(message, held)
        told = 0

        def tell(done: int) -> None:
            nonlocal told
            if done - told >= chunk and done < len(x):
                self._turn.progress(done, len(x))
                told = done

        return self._results(held, x, want, tell)

    def raster(self, message: Message) -> Message:
        fields = Fields(message.body, 'sim.raster')
        held = self._registry.named(fields.text('net'), 'sim.raster')
        limit = fields.whole('limit', 2**20, 1, MOST_SPIKES)
        want = _wanted(fields, ('counts',))
        fields.done()
        x = _observations(message, held)
        if len(x) != 1:
            raise mismatch('E_SHAPE', "tensor 'x' of sim.raster", 'one row', len(x))
        currents = self._currents(held, x)[0]
        start = time.perf_counter()
        raster = self._guarded(
            held, lambda network: network.raster(currents, 'potentials' in want, self._turn)
        )
        tensors = {
            f'spikes{number}': spikes[:limit].astype('<u4')
            for number, spikes in enumerate(raster.spikes)
        }
        for number, potentials in enumerate(raster.potentials or []):
            tensors[f'v{number}'] = potentials.astype('<f8')
        body = {
            'simMs': (time.perf_counter() - start) * 1000,
            'steps': held.spec.steps,
            'spikes': [len(spikes) for spikes in raster.spikes],
        }
        return Message('sim.raster', body, tensors)

    def destroy(self, message: Message) -> Message:
        fields = Fields(message.body, 'sim.destroy')
        held = self._registry.named(fields.text('net'), 'sim.destroy')
        fields.done()
        self._registry.remove(held)
        return Message('ok')

    def _results(
        self, held: Held, x: np.ndarray, want: list[str], tell: Callable[[int], None]
    ) -> Message:
        """Rows in portions of as many as there are copies."""
        copies = held.spec.copies
        start = time.perf_counter()
        outcomes: list[Outcome] = []
        for first in range(0, len(x), copies):
            currents = self._currents(held, x[first : first + copies])
            outcomes.append(
                self._guarded(
                    held,
                    lambda network, given=currents: network.run(given, want, self._turn),
                )
            )
            tell(min(first + copies, len(x)))
            self._turn.pause()
        body = {
            'simMs': (time.perf_counter() - start) * 1000,
            **{
                name: sum(getattr(outcome, name) for outcome in outcomes)
                for name in ('steps', 'clipped', 'overflows')
            },
        }
        types = {'potentials': '<f8', 'counts': '<u4'}
        tensors = {
            name: np.concatenate([getattr(outcome, name) for outcome in outcomes]).astype(
                types[name]
            )
            for name in want
        }
        return Message('sim.result', body, tensors)

    def _currents(self, held: Held, x: np.ndarray) -> np.ndarray:
        currents = held.currents.of(x)
        if np.abs(currents).max() > LARGEST:
            what = 'currents of the first layer'
            raise mismatch('E_RANGE', what, f'at most ±{LARGEST:.0f}', Words('more'))
        return currents

    def _guarded(self, held: Held, work: Callable[[Network], Any]) -> Any:
        try:
            return work(self._registry.network(held))
        except WireError:
            raise
        except Exception:
            self._registry.break_off(held)
            raise


def _wanted(fields: Fields, default: tuple[str, ...] = WANTED) -> list[str]:
    want = fields.listed('want', 1, len(WANTED), list(default))
    for name in want:
        if name not in WANTED:
            raise mismatch('E_ARGUMENT', "'want'", ' | '.join(WANTED), name)
    return want


def _observations(message: Message, held: Held) -> np.ndarray:
    x = message.tensors.get('x')
    inputs = held.spec.inputs
    if x is None or x.dtype.kind != 'f':
        came = Words('none' if x is None else str(x.dtype))
        raise mismatch('E_ARGUMENT', f"tensor 'x' of {message.type}", 'f64', came)
    if x.ndim != 2 or x.shape[1] != inputs or x.shape[0] < 1:
        raise mismatch(
            'E_SHAPE', f"tensor 'x' of {message.type}", f'[rows, {inputs}]', list(x.shape)
        )
    if np.abs(x).max() > LARGEST:
        raise mismatch('E_RANGE', f"tensor 'x' of {message.type}", f'±{LARGEST:.0f}', Words('more'))
    return x.astype(np.float64, copy=False)

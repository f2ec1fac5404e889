"""PyNN's back end on NEST: PyNN makes neurons and synapses and lets time pass; the rest is as with `nest`.

What PyNN 0.13 would change without a word, and how it is kept from it:
- weights of its own synapse types come a thousandfold to NEST's native neurons: NEST's own type is named instead;
- native cell types refuse arrays of parameters because of those that are true or false: they are struck off;
- `spike_precision` is `off_grid` if left out, which replaces neurons by others: `on_grid`;
- generators are made precise, which moves spikes off the grid: the loop sets that back;
- initial potentials may be passed over: each observation begins by itself at 0;
- `reset` leaves spikes and potentials of the run before: it is never called;
- the first `run` goes a step further: it is made before anything is counted;
- a cell type belongs to one population: each gets its own;
- a connector connects by itself: nobody does so again;
- native synapse types give neurons a time constant of plasticity, which some refuse: it is struck off;
- extensions would be compiled into the installed package, where NEST's tools are on PATH: PATH is empty meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..loop import Turn
from . import nest_models, original
from .engine import Network, Outcome, Raster
from .nest import NestEngine
from .nest_devices import Placed
from .nest_loop import NestLoop
from .pynn_cells import clear, populate, set_up, sim
from .pynn_original import OriginalPynnNetwork
from .spec import Layer, Spec


class PynnNestEngine(NestEngine):
    name = 'pynn-nest'
    packages = ('pynn', 'nest-simulator')
    bytes_each = (8192, 512)

    def check(self, spec: Spec) -> None:
        if original.asked_for(spec.options):
            original.check(self.name, spec)
        else:
            nest_models.check(self.name, spec)

    def build(self, spec: Spec) -> Network:
        if original.asked_for(spec.options):
            return OriginalPynnNetwork(spec)
        return PynnNestNetwork(spec)


class PynnNestNetwork:
    def __init__(self, spec: Spec):
        set_up()
        self.effective: dict[str, Any] = {}
        self.tensors: dict[str, np.ndarray] = {}
        populations: list[Any] = []
        layers: list[Placed] = []
        for layer in spec.layers:
            population = _populate(spec, layer)
            nodes = population.node_collection
            layers.append(Placed(nodes, nodes[0].global_id, nest_models.already_took(spec, layer)))
            if populations:
                _project(spec, layer, populations[-1], population)
            populations.append(population)
        sim.run(1.0)
        self._loop = NestLoop(spec, layers, _PynnClock())
        self.lag = self._loop.lag

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        return self._loop.run(currents, want, turn)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        return self._loop.raster(currents, potentials, turn)

    def close(self) -> None:
        clear()


class _PynnClock:
    def advance(self, steps: int) -> None:
        sim.run(float(steps))

    @contextmanager
    def paused(self) -> Iterator[None]:
        yield


def _populate(spec: Spec, layer: Layer) -> Any:
    parameters = nest_models.parameters(spec, layer)
    del parameters['V_m']
    if layer.fires:
        parameters['V_th'] = np.tile(nest_models.thresholds(spec, layer), spec.copies)
    model = nest_models.model_of(spec, layer)
    return populate(model, spec.copies * layer.units, parameters)


def _project(spec: Spec, layer: Layer, before: Any, after: Any) -> None:
    if layer.value.size == 0:
        return
    copies = np.arange(spec.copies)[:, None]
    pre = (copies * (before.size // spec.copies) + layer.pre).reshape(-1)
    post = (copies * layer.units + layer.post).reshape(-1)
    native = sim.native_synapse_type('static_synapse')
    # Written to the neurons otherwise, of which not all know it.
    del native.default_parameters['tau_minus']
    synapse = native(weight=0.0, delay=nest_models.delay(spec))
    rows = np.stack([pre, post, np.tile(layer.value, spec.copies)], axis=1)
    connector = sim.FromListConnector(rows, column_names=['weight'])
    sim.Projection(before, after, connector, synapse)

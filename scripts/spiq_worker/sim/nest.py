"""NEST through PyNEST: a network that stays, and spikes that bring it back to rest between observations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..loop import Turn
from . import nest_models, original
from .engine import Capabilities, Network, Outcome, Raster
from .nest_devices import Placed
from .nest_kernel import nest, reset_kernel
from .nest_loop import NestLoop
from .spec import Layer, Spec


class NestEngine:
    name = 'nest'
    packages = ('nest-simulator',)
    exclusive = True
    bytes_each = (4096, 96)

    def __init__(self) -> None:
        wanted = (nest_models.SUBTRACTS, nest_models.ZEROES)
        self.models = [model for model in wanted if model in nest.node_models]
        # eprop_iaf came with NEST 3.9.
        resets = ('subtraction', 'zero') if len(self.models) == 2 else ('zero',)
        self.capabilities = Capabilities(resets=resets)

    def check(self, spec: Spec) -> None:
        if original.asked_for(spec.options):
            original.settings_of(spec.options)
            original.check(self.name, spec)
        else:
            nest_models.check(self.name, spec)

    def build(self, spec: Spec) -> Network:
        if original.asked_for(spec.options):
            return original.OriginalNestNetwork(spec, original.settings_of(spec.options))
        return NestNetwork(spec)


class NestNetwork:
    def __init__(self, spec: Spec):
        reset_kernel()
        self.effective: dict[str, Any] = {}
        self.tensors: dict[str, np.ndarray] = {}
        self._clock = _PreparedClock()
        layers: list[Placed] = []
        for layer in spec.layers:
            placed = _place(spec, layer)
            if layers:
                _connect(spec, layer, layers[-1], placed)
            layers.append(placed)
        self._loop = NestLoop(spec, layers, self._clock)
        self.lag = self._loop.lag
        nest.Prepare()

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        return self._loop.run(currents, want, turn)

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        return self._loop.raster(currents, potentials, turn)

    def close(self) -> None:
        nest.ResetKernel()


class _PreparedClock:
    """Prepared once: each Simulate would prepare and clean up again."""

    def advance(self, steps: int) -> None:
        nest.Run(float(steps))

    @contextmanager
    def paused(self) -> Iterator[None]:
        nest.Cleanup()
        yield
        nest.Prepare()


def _place(spec: Spec, layer: Layer) -> Placed:
    parameters = nest_models.parameters(spec, layer)
    model = nest_models.model_of(spec, layer)
    nodes = nest.Create(model, spec.copies * layer.units, params=parameters)
    if layer.fires:
        theta = np.tile(nest_models.thresholds(spec, layer), spec.copies)
        nodes.set([{'V_th': value} for value in theta.tolist()])
    return Placed(nodes, nodes[0].global_id, nest_models.already_took(spec, layer))


def _connect(spec: Spec, layer: Layer, before: Placed, after: Placed) -> None:
    if layer.value.size == 0:
        return
    copies = np.arange(spec.copies)[:, None]
    inputs = len(before.nodes) // spec.copies
    count = spec.copies * layer.value.size
    nest.Connect(
        (before.first + copies * inputs + layer.pre).reshape(-1),
        (after.first + copies * layer.units + layer.post).reshape(-1),
        'one_to_one',
        {
            'weight': np.tile(layer.value, spec.copies),
            'delay': np.full(count, nest_models.delay(spec)),
        },
    )

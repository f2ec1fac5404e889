"""The published agent's own way to NEST through PyNN, with the two errors that explain its 77.9 %: it connects what its
projections have connected already, and PyNN multiplies weights by 1000 on their way, biases not. So a hidden weight counts
2000 times as much as a bias. Steps are of 1 ms, and observations are folded into the first layer's biases.
"""

from typing import Any

import numpy as np

from ..loop import Turn
from .engine import Outcome
from .nest_kernel import nest
from .original import MODELS, NEVER, OriginalNetwork, counts_of, parts
from .pynn_cells import clear, populate, set_up, sim
from .spec import Layer


class OriginalPynnNetwork(OriginalNetwork):
    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        spec, rows = self._spec, len(currents)
        set_up()
        recorder = nest.Create('spike_recorder')
        populations: list[Any] = []
        for layer in spec.layers:
            given = np.tile(layer.bias, rows) if populations else currents.reshape(-1)
            population = self._populate(layer, rows, given)
            if populations:
                _project(layer, rows, populations[-1], population)
            if layer.fires:
                nest.Connect(population.node_collection, recorder)
            populations.append(population)
        # The first run is a step longer than it is told.
        for part in parts(spec.steps - 1):
            sim.run(part)
            turn.pause()
        layers = [population.node_collection for population in populations]
        potentials = np.array(layers[-1].get('V_m'), float).reshape(rows, -1)
        return Outcome(potentials, counts_of(spec, layers, recorder), spec.steps)

    def close(self) -> None:
        clear()

    def _populate(self, layer: Layer, rows: int, currents: np.ndarray) -> Any:
        parameters = {
            **{'C_m': 1.0, 'tau_m': 1e10, 'E_L': 0.0, 't_ref': 0.0, 'V_reset': 0.0},
            **{'I_e': currents, 'V_th': np.tile(layer.theta, rows) if layer.fires else NEVER},
        }
        return populate(MODELS[0], rows * layer.units, parameters)


def _project(layer: Layer, rows: int, before: Any, after: Any) -> None:
    copies = np.arange(rows)[:, None]
    inputs = before.size // rows
    for receptor, chosen in (('excitatory', layer.value >= 0), ('inhibitory', layer.value < 0)):
        if not chosen.any():
            continue
        pre = (copies * inputs + layer.pre[chosen]).reshape(-1)
        post = (copies * layer.units + layer.post[chosen]).reshape(-1)
        weights = np.tile(layer.value[chosen], rows)
        connector = sim.FromListConnector(
            np.stack([pre, post, weights, np.ones(weights.size)], axis=1)
        )
        projection = sim.Projection(before, after, connector, receptor_type=receptor)
        connector.connect(projection)

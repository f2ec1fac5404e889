"""The published agent's own way to NEST, so that its results can be repeated: sub-steps of 0.1 ms, in each of which a neuron
may fire; observations by generators, a ms late; everything built anew for an observation; the potential of a ms before the
end. Neurons are reset to 0, or imitate subtraction by pp_psc_delta, which may fire below its threshold.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..fields import Fields
from ..loop import Turn
from ..wire import WireError
from .engine import Outcome, Raster, unsupported
from .nest_kernel import nest, reset_kernel
from .spec import Layer, Spec

MODELS = ('iaf_psc_delta', 'pp_psc_delta')
NEVER = 1e300
# Runs of so many ms are not taken apart further.
SLICE = 10


@dataclass
class Settings:
    model: str
    resolution: float
    seed: int


def asked_for(options: Fields) -> bool:
    return options.one_of('protocol', ('spiq', 'original'), 'spiq') == 'original'


def settings_of(options: Fields) -> Settings:
    model = options.one_of('model', MODELS, MODELS[0])
    fine = options.flag('substeps', True)
    return Settings(model, 0.1 if fine else 1.0, options.whole('seed', 1, 1, 2**31 - 1))


def check(engine: str, spec: Spec) -> None:
    if spec.reset != 'zero':
        raise unsupported(engine, 'reset of the original protocol', "'zero'", f"'{spec.reset}'")
    if spec.layers[-1].fires:
        raise unsupported(engine, 'readout of the original protocol', "'potential'", "'spikes'")
    if spec.steps < 2:
        raise unsupported(engine, 'T of the original protocol', '2 or more', '1')


def parts(milliseconds: int) -> list[float]:
    whole = [float(SLICE)] * (milliseconds // SLICE)
    rest = float(milliseconds % SLICE)
    return [*whole, rest] if rest > 0 else whole


class OriginalNetwork:
    """Built for every run, with the currents as parameters."""

    def __init__(self, spec: Spec):
        self._spec = spec
        self.lag = [0] * len(spec.layers)
        self.effective: dict[str, Any] = {'protocol': 'original', 'exact': False}
        self.tensors: dict[str, np.ndarray] = {}

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        text = 'rasters: expected steps of 1 ms, received the original protocol'
        raise WireError('E_UNSUPPORTED', text)


class OriginalNestNetwork(OriginalNetwork):
    def __init__(self, spec: Spec, settings: Settings):
        super().__init__(spec)
        self._settings = settings

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        spec, rows = self._spec, len(currents)
        reset_kernel(self._settings.resolution)
        nest.rng_seed = self._settings.seed
        layers, recorder = self._build(currents - spec.layers[0].bias)
        nest.Prepare()
        # What the multimeter of the original saw last, and the ms after it.
        for part in parts(spec.steps - 1):
            nest.Run(part)
            turn.pause()
        potentials = np.array(layers[-1].get('V_m'), float).reshape(rows, -1)
        nest.Run(1.0)
        counts = counts_of(spec, layers, recorder)
        nest.Cleanup()
        return Outcome(potentials, counts, spec.steps)

    def close(self) -> None:
        nest.ResetKernel()

    def _build(self, inputs: np.ndarray) -> tuple[list[Any], Any]:
        rows = len(inputs)
        layers: list[Any] = []
        recorder = nest.Create('spike_recorder')
        for layer in self._spec.layers:
            nodes = self._create(layer, rows)
            if layers:
                self._connect(layers[-1], nodes, layer, rows)
            if layer.fires:
                nest.Connect(nodes, recorder)
            layers.append(nodes)
        generators = nest.Create('dc_generator', inputs.size)
        generators.set([{'amplitude': value} for value in inputs.reshape(-1).tolist()])
        nest.Connect(generators, layers[0], 'one_to_one', {'weight': 1.0, 'delay': 1.0})
        return layers, recorder

    def _create(self, layer: Layer, rows: int) -> Any:
        model = self._settings.model if layer.fires else MODELS[0]
        shared = {'C_m': 1.0, 'tau_m': 1e10, 'V_m': 0.0}
        if model == MODELS[0]:
            rest = {'E_L': 0.0, 't_ref': 0.0, 'V_reset': 0.0, 'V_th': NEVER}
        else:
            rest = {
                **{'q_sfa': 1.0, 'tau_sfa': 1e10, 'with_reset': False, 'dead_time': 1e-8},
                **{'c_1': 1e10, 'c_2': 10.0, 'c_3': 5.0, 'dead_time_random': False},
            }
        nodes = nest.Create(model, rows * layer.units, params={**shared, **rest})
        each = [{'I_e': bias} for bias in np.tile(layer.bias, rows).tolist()]
        if layer.fires and model == MODELS[0]:
            for entry, theta in zip(each, np.tile(layer.theta, rows).tolist(), strict=True):
                entry['V_th'] = theta
        nodes.set(each)
        return nodes

    def _connect(self, before: Any, after: Any, layer: Layer, rows: int) -> None:
        copies = np.arange(rows)[:, None]
        inputs = len(before) // rows
        weights = np.tile(layer.value, rows)
        if weights.size > 0:
            nest.Connect(
                (before[0].global_id + copies * inputs + layer.pre).reshape(-1),
                (after[0].global_id + copies * layer.units + layer.post).reshape(-1),
                'one_to_one',
                {'weight': weights, 'delay': np.ones(weights.size)},
            )


def counts_of(spec: Spec, layers: list[Any], recorder: Any) -> np.ndarray:
    """[rows, firing neurons] of all that was recorded."""
    senders = np.asarray(recorder.get('events')['senders'], np.int64)
    rows = len(layers[0]) // spec.layers[0].units
    counts = [np.zeros((rows, 0))]
    for nodes, layer in zip(layers, spec.layers, strict=True):
        if layer.fires:
            units = senders - nodes[0].global_id
            units = units[(units >= 0) & (units < rows * layer.units)]
            counts.append(np.bincount(units, minlength=rows * layer.units).reshape(rows, -1))
    return np.hstack(counts)

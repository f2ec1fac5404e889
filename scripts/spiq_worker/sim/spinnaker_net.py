"""A network as sPyNNaker's populations and projections, in the numbers that its chips have."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyNN.spiNNaker as sim

from ..wire import Words, mismatch
from .engine import unsupported
from .spec import Layer, Spec

# Accumulators are s16.15.
LARGEST_ACCUM = 65536.0
NEVER = 65535.0
STEP = 1.0  # ms
DEFAULT_TAU = 4096


def tau_of(spec: Spec) -> int:
    """ms. With powers of two and a capacity of 1 the gain of a current is 1 to the last bit of an accumulator; the published
    agent had 100.
    """
    return spec.options.whole('tauM', DEFAULT_TAU, 1, 32768)


def check(engine: str, spec: Spec) -> None:
    """What the tool chain would change without a word, or refuse late and in other words."""
    tau = tau_of(spec)
    for number, layer in enumerate(spec.layers):
        if layer.fires and layer.theta.max() >= LARGEST_ACCUM:
            raise unsupported(engine, f'thresholds of layer {number}', 'below 65536', Words('more'))
        if number > 0 and np.abs(layer.bias).max() * tau >= LARGEST_ACCUM:
            largest = Words(f'{np.abs(layer.bias).max():g}')
            expected = f'below 65536 / tauM = {LARGEST_ACCUM / tau:g}'
            raise unsupported(engine, f'biases of layer {number}', expected, largest)


@dataclass
class Mapped:
    populations: list[Any]
    # Of each layer but the first: the projections for weights above 0 and below, if there are any.
    projections: list[dict[str, Any]]
    # [units] of each layer, before the first step.
    starts: list[np.ndarray]
    clipped: int


def build(spec: Spec) -> Mapped:
    sim.setup(timestep=STEP, min_delay=STEP)
    made = Mapped([], [], [], 0)
    tau = tau_of(spec)
    for number, layer in enumerate(spec.layers):
        # Layers begin a step after the one before, but biases act from the first step on.
        start = -number * layer.bias
        theta = spec.thresholds(layer)
        early = layer.fires & (start >= theta)
        made.clipped += int(early.sum()) * spec.copies
        start = np.where(early, theta - 2.0**-15, start)
        made.starts.append(start)
        cell = sim.IF_curr_delta(
            cm=1.0,
            tau_m=float(tau),
            tau_refrac=0.0,
            v_rest=0.0,
            v_reset=0.0,
            v_thresh=np.tile(theta, spec.copies) if layer.fires else NEVER,
            i_offset=np.tile(layer.bias if number > 0 else np.zeros(layer.units), spec.copies),
        )
        population = sim.Population(
            spec.copies * layer.units,
            cell,
            additional_parameters={'max_expected_summed_weight': _largest_sums(layer)},
        )
        population.initialize(v=np.tile(start, spec.copies))
        population.record(['spikes'] if number < len(spec.layers) - 1 else ['spikes', 'v'])
        if number > 0:
            made.projections.append(_project(spec, layer, made.populations[-1], population))
        made.populations.append(population)
    return made


def _largest_sums(layer: Layer) -> list[float]:
    """Of all weights of one sign into a unit; the finest weights that cannot overflow follow from it."""
    sums = [
        np.bincount(layer.post, np.maximum(sign * layer.value, 0), layer.units).max()
        for sign in (1, -1)
    ]
    return [max(float(total), 2.0**-15) for total in sums]


def _project(spec: Spec, layer: Layer, before: Any, after: Any) -> dict[str, Any]:
    copies = np.arange(spec.copies)[:, None]
    made = {}
    # The sign of a weight is that of its receptor.
    for receptor, sign in (('excitatory', 1), ('inhibitory', -1)):
        chosen = sign * layer.value > 0
        if not chosen.any():
            continue
        pre = (copies * (before.size // spec.copies) + layer.pre[chosen]).reshape(-1)
        post = (copies * layer.units + layer.post[chosen]).reshape(-1)
        weights = np.tile(sign * layer.value[chosen], spec.copies)
        made[receptor] = sim.Projection(
            before,
            after,
            sim.FromListConnector(np.stack([pre, post, weights], axis=1), column_names=['weight']),
            sim.StaticSynapse(weight=0.0, delay=STEP),
            receptor_type=receptor,
        )
    return made


def effective(spec: Spec, made: Mapped) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What became of the numbers: after the first run, when the tool chain has them."""
    tensors: dict[str, np.ndarray] = {}
    shifts = []
    for number, (layer, start) in enumerate(zip(spec.layers, made.starts, strict=True)):
        tensors[f'start{number}'] = start.astype('<f8')
        if number == 0:
            continue
        vertex = made.populations[number]._vertex
        shifts.append([int(shift) for shift in vertex.get_ring_buffer_shifts()])
        pre, post, value = _read_back(spec, layer, number, made.projections[number - 1])
        if layer.dense is not None:
            weights = np.zeros(layer.dense.shape)
            weights[post, pre] = value
            tensors[f'w{number}'] = weights
        else:
            tensors[f'w{number}.pre'] = pre.astype('<u4')
            tensors[f'w{number}.post'] = post.astype('<u4')
            tensors[f'w{number}.value'] = value
    body = {
        'tauM': tau_of(spec),
        'weightShift': shifts,
        # 16 bits without a sign, of which the ring buffers' shift says what they mean.
        'weightQuantum': [[2.0 ** (shift - 15) for shift in pair] for pair in shifts],
        'clipped': made.clipped,
    }
    return body, tensors


def _read_back(
    spec: Spec, layer: Layer, number: int, projections: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the first copy."""
    rows = [np.zeros((0, 3))]
    inputs = spec.layers[number - 1].units
    for receptor, projection in projections.items():
        found = np.array(
            [tuple(row) for row in projection.get('weight', 'list', with_address=True)], float
        ).reshape(-1, 3)
        found = found[(found[:, 0] < inputs) & (found[:, 1] < layer.units)]
        found[:, 2] *= 1 if receptor == 'excitatory' else -1
        rows.append(found)
    merged = np.concatenate(rows)
    merged = merged[np.lexsort((merged[:, 1], merged[:, 0]))]
    return merged[:, 0].astype(np.int64), merged[:, 1].astype(np.int64), merged[:, 2].copy()


def run(spec: Spec) -> None:
    """A step more than the last layer needs: potentials are written down before each step."""
    sim.run(float(spec.steps + len(spec.layers)))


def rewind(spec: Spec, made: Mapped, currents: np.ndarray) -> None:
    sim.reset()
    driven = np.zeros((spec.copies, spec.layers[0].units))
    driven[: len(currents)] = currents
    made.populations[0].set(i_offset=driven.reshape(-1))


def overflows(spec: Spec, currents: np.ndarray) -> int:
    """Currents of the first layer that the chip cannot multiply by tau_m."""
    return int((np.abs(currents) * tau_of(spec) >= LARGEST_ACCUM).sum())


def spikes(made: Mapped, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Units and times, in steps from 0."""
    trains = made.populations[number].get_data('spikes').segments[-1].spiketrains
    units = np.concatenate([np.full(len(train), unit) for unit, train in enumerate(trains)])
    times = np.concatenate([np.asarray(train.magnitude) for train in trains])
    return units.astype(np.int64), np.rint(times / STEP).astype(np.int64)


def last_potentials(spec: Spec, made: Mapped) -> np.ndarray:
    signal = made.populations[-1].get_data('v').segments[-1].filter(name='v')[0]
    last = spec.steps + len(spec.layers) - 1
    if len(signal) <= last:
        what = 'spinnaker, potentials of the output layer'
        raise mismatch('E_BACKEND', what, f'{last + 1} steps', len(signal))
    return np.asarray(signal.magnitude)[last]


def end() -> None:
    sim.end()

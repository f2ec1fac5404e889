"""What drives, clears and records a network in NEST."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .nest_kernel import nest, nestkernel
from .nest_plan import DEEP, Frame
from .spec import Spec


@dataclass
class Placed:
    """A layer in NEST: all units of the first copy, then all of the second, with ids that follow each other."""

    nodes: Any
    first: int
    # What a spike has taken from V_m a step too early.
    took: np.ndarray | None


class Devices:
    """A generator fires in every step in which layers get input. Its synapses to them are their biases, each layer's as
    many steps late as the layer is, and to the first one its currents.
    """

    def __init__(self, spec: Spec, layers: list[Placed], frame: Frame):
        self._spec = spec
        self._frame = frame
        # PyNN would have them precise, between the steps.
        self._drive, self._reset = (
            nest.Create('spike_generator', params={'precise_times': False}) for _ in range(2)
        )
        self._recorder = nest.Create('spike_recorder')
        step = {'weight': 1.0, 'delay': 1.0}
        for number, (placed, layer) in enumerate(zip(layers, spec.layers, strict=True)):
            nest.Connect(self._reset, placed.nodes, syn_spec=step)
            if layer.fires:
                nest.Connect(placed.nodes, self._recorder)
            bias = np.tile(layer.bias, spec.copies)
            chosen = np.arange(bias.size) if number == 0 else np.flatnonzero(bias)
            if chosen.size > 0:
                self._connect(chosen + placed.first, bias[chosen], 1.0 + frame.lag[number])
        self._driven = nest.GetConnections(self._drive, layers[0].nodes)
        self._order = np.atleast_1d(self._driven.get('target')) - layers[0].first

    def drive(self, currents: np.ndarray) -> None:
        """[rows, units] of the first layer, for the first copies."""
        weights = np.zeros((self._spec.copies, currents.shape[1]))
        weights[: len(currents)] = currents
        ordered = weights.reshape(-1)[self._order].tolist()
        # What `set` ends in, behind queries that take half as long as a run.
        nestkernel.llapi_set_connection_status(
            self._driven._datum, [{'weight': weight} for weight in ordered]
        )

    def schedule(self, now: int, frames: int) -> None:
        starts = now + self._frame.length * np.arange(frames)[:, None]
        drives = starts + np.array(self._frame.drives, int)
        self._drive.set([{'spike_times': drives.reshape(-1).astype(float)}])
        resets = np.array([*self._frame.holds, self._frame.release])
        weights = [-2 * DEEP] * len(self._frame.holds) + [DEEP]
        spikes = {'spike_times': (starts + resets).reshape(-1).astype(float)}
        self._reset.set([{**spikes, 'spike_weights': weights * frames}])

    def stop(self) -> int:
        """Steps until nothing is on its way."""
        self.schedule(0, 0)
        return 2 + max(self._frame.lag)

    def forget(self) -> None:
        nestkernel.llapi_set_nc_status(self._recorder._datum, [{'n_events': 0}])

    def events(self) -> tuple[np.ndarray, np.ndarray]:
        events = self._recorder.get('events')
        # ms are steps; where there are none, they come as an empty list of no type.
        return np.asarray(events['times'], np.int64), np.asarray(events['senders'], np.int64)

    def _connect(self, targets: np.ndarray, weights: np.ndarray, delay: float) -> None:
        nest.Connect(
            np.full(targets.size, self._drive.global_id),
            targets,
            'one_to_one',
            {'weight': weights, 'delay': np.full(targets.size, delay)},
        )

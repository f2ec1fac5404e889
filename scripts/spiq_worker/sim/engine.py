"""What a simulator has to offer to become a back end."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..loop import Turn
from ..wire import WireError
from .spec import Spec


@dataclass
class Capabilities:
    resets: tuple[str, ...] = ('subtraction', 'zero')
    semantics: tuple[str, ...] = ('direct', 'dsqn')
    # The same spikes as spiq's own simulator in float64.
    exact: bool = True
    # The back end knows what the network would do on a device that is not here.
    predicted: bool = False
    # Most copies of a network in one run.
    batch: int = 256
    sparse: bool = True

    def body(self) -> dict[str, Any]:
        return {
            'resets': list(self.resets),
            'semantics': list(self.semantics),
            'exact': self.exact,
            'predicted': self.predicted,
            'batch': self.batch,
            'sparse': self.sparse,
        }


@dataclass
class Outcome:
    """Of one run: [rows, outputs] and [rows, firing neurons]."""

    potentials: np.ndarray
    counts: np.ndarray
    steps: int
    clipped: int = 0
    overflows: int = 0


@dataclass
class Raster:
    """Of each firing layer [spikes, 2]: step and neuron, by steps; of each layer [steps, units]."""

    spikes: list[np.ndarray]
    potentials: list[np.ndarray] | None


class Network(Protocol):
    # Steps that each layer runs behind the first one.
    lag: list[int]
    effective: dict[str, Any]
    tensors: dict[str, np.ndarray]

    def run(self, currents: np.ndarray, want: list[str], turn: Turn) -> Outcome:
        """From rest, a row for each copy; rows may be fewer than copies."""

    def raster(self, currents: np.ndarray, potentials: bool, turn: Turn) -> Raster:
        """The first copy's spikes, for currents [units]."""

    def close(self) -> None: ...


class Engine(Protocol):
    name: str
    packages: tuple[str, ...]
    models: list[str]
    capabilities: Capabilities
    # One network at a time has the simulator: it keeps state that all would share.
    exclusive: bool
    # Bytes of a neuron and of a synapse, for the estimate before a network is built.
    bytes_each: tuple[int, int]

    def check(self, spec: Spec) -> None:
        """Refuses what it cannot express."""

    def build(self, spec: Spec) -> Network: ...


@dataclass
class Built:
    """Beside a plain network: nothing to tell."""

    lag: list[int]
    effective: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)


def unsupported(engine: str, what: str, expected: str, received: str) -> WireError:
    return WireError('E_UNSUPPORTED', f'{engine}, {what}: expected {expected}, received {received}')

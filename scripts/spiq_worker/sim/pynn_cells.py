"""PyNN's NEST back end, imported without harm, and NEST's own neurons as its cells."""

import os
import shutil
import warnings
from typing import Any

import numpy as np

from .nest_kernel import keep_buffers

_path = os.environ.pop('PATH', '')
with warnings.catch_warnings():
    warnings.filterwarnings('ignore', 'Cannot find nest-config')
    import pyNN.nest as sim
os.environ['PATH'] = _path

LONGEST_DELAY = 32.0  # ms, above that of any layer


def set_up() -> None:
    sim.setup(
        timestep=1.0,
        min_delay=1.0,
        max_delay=LONGEST_DELAY,
        spike_precision='on_grid',
        threads=1,
        verbosity='error',
    )
    keep_buffers()
    _remove_folders()


def clear() -> None:
    sim.simulator.state.clear()
    _remove_folders()


def populate(model: str, size: int, parameters: dict[str, Any]) -> Any:
    native = sim.native_cell_type(model)
    # It would set all that can be recorded, and complain of what cannot be set.
    native.default_initial_values = {'V_m': 0.0}
    for name, value in list(native.default_parameters.items()):
        if isinstance(value, bool | np.bool_):
            del native.default_parameters[name]
    return sim.Population(size, native(**parameters))


def _remove_folders() -> None:
    """Made for recordings in files, of which there are none here."""
    state = sim.simulator.state
    for folder in state.tempdirs:
        shutil.rmtree(folder)
    state.tempdirs = []

"""Whether a network has room, asked before it is built: some simulators end the process where it has none."""

import os
import sys

from ..wire import WireError
from .engine import Engine
from .spec import Spec


def check_room(engine: Engine, spec: Spec) -> None:
    most = engine.capabilities.batch
    if spec.copies > most:
        raise WireError(
            'E_RANGE', f"sim.build 'copies': expected at most {most}, received {spec.copies}"
        )
    neuron, synapse = engine.bytes_each
    needed = spec.copies * (spec.neurons * neuron + spec.synapses * synapse)
    room = _room()
    if needed > room:
        each = f'{spec.copies} copies of {spec.neurons} neurons and {spec.synapses} synapses'
        raise WireError(
            'E_MEMORY',
            f'sim.build: expected a network that fits into {room} bytes, received {each}, '
            f'about {needed} bytes',
        )


def _room() -> int:
    """Bytes that this process may still take: of its limit, or of what the machine has left."""
    if sys.platform != 'linux':
        return 2**34
    import resource

    with open('/proc/meminfo') as file:
        sizes = dict(line.split(':') for line in file)
    room = int(sizes['MemAvailable'].split()[0]) * 1024
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        with open('/proc/self/statm') as file:
            room = min(room, limit - int(file.read().split()[0]) * os.sysconf('SC_PAGE_SIZE'))
    return max(room, 0)

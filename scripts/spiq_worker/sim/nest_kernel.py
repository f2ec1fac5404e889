"""NEST as it has to be before a network is made in it."""

import os

# Read when NEST is imported.
os.environ['PYNEST_QUIET'] = '1'

import nest
from nest.ll_api import nestkernel as nestkernel


def reset_kernel(resolution: float = 1.0) -> None:
    """`resolution`: ms of a step."""
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = resolution
    nest.local_num_threads = 1
    keep_buffers()


def keep_buffers() -> None:
    """Left to shrink its buffers, NEST writes down every time it did, and each look at its status reads that."""
    nest.spike_buffer_shrink_limit = 0.0

"""The one entry to both semantics."""

from .direct import simulate_direct
from .dsqn import simulate_dsqn


def simulate(net, observations, options, given_spikes=None, with_trace=False):
    run = {'dsqn': simulate_dsqn, 'direct': simulate_direct}[options.semantics]
    return run(net, observations, options, given_spikes, with_trace)

"""SpikingJelly helped by hand: the first layer's constant current is computed once and not T times."""

from spikingjelly_layers import VERSION, make_runner

__all__ = ['VERSION', 'make']


def make(problem):
    return make_runner(problem, hoisted=True)

"""snnTorch: a Leaky cell without leak after each layer. It subtracts a spike one step after it was fired."""

import snntorch
from torch_cells import make_stepper

VERSION = snntorch.__version__


def make(problem):
    return make_stepper(
        problem,
        lambda: snntorch.Leaky(beta=1.0, threshold=1.0, reset_mechanism='subtract'),
        lambda cell: cell.reset_mem(),
    )

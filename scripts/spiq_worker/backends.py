"""What `--backend` may name. Each needs packages of its own, so that it is imported only when it is named."""

import importlib
from collections.abc import Callable

from .loop import Backend, Turn

# By name: the module in `sim` and the class in it.
ENGINES = {
    'nest': ('nest', 'NestEngine'),
    'pynn-nest': ('pynn_nest', 'PynnNestEngine'),
    'brian2': ('brian2', 'Brian2Engine'),
    'spinnaker': ('spinnaker', 'BoardEngine'),
    'spinnaker-virtual': ('spinnaker', 'VirtualEngine'),
    'reference': ('reference', 'ReferenceEngine'),
}
NAMES = ('env', *ENGINES)


def load(name: str, region: int | None) -> Callable[[Turn], Backend]:
    if name == 'env':
        from .env import EnvironmentBackend

        return lambda _: EnvironmentBackend(region)
    from .sim import SimulationBackend

    module, kind = ENGINES[name]
    try:
        engine = getattr(importlib.import_module(f'.sim.{module}', __package__), kind)()
    except ImportError:
        raise
    except Exception as cause:
        # Packages that do not fit each other fail in their own ways, as brian2 2.9 with numpy 2.4.
        raise ImportError(f'{name}: {type(cause).__name__}: {cause}') from cause
    return lambda turn: SimulationBackend(engine, turn)

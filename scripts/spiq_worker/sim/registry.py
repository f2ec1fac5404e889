"""The networks of a worker by their names, and which of them the simulator holds."""

import time
from dataclasses import dataclass

from ..wire import WireError, mismatch
from .currents import Currents
from .engine import Engine, Network
from .memory import check_room
from .spec import Spec


@dataclass
class Held:
    """A network is built anew from its description, where another one or an error took its place."""

    spec: Spec
    currents: Currents
    network: Network | None = None


class Registry:
    def __init__(self, engine: Engine):
        self._engine = engine
        self._held: dict[str, Held] = {}

    def add(self, spec: Spec) -> tuple[Network, float]:
        """The network, and the milliseconds that it took."""
        if spec.name in self._held:
            raise mismatch('E_STATE', "sim.build 'net'", 'a new name', spec.name)
        self._refuse(spec)
        check_room(self._engine, spec)
        held = Held(spec, Currents(spec.layers[0], spec.inputs))
        start = time.perf_counter()
        network = self._build(held)
        self._held[spec.name] = held
        return network, (time.perf_counter() - start) * 1000

    def named(self, name: object, what: str) -> Held:
        held = self._held.get(name) if isinstance(name, str) else None
        if held is None:
            known = ' | '.join(f"'{one}'" for one in self._held) or 'one that was built'
            raise mismatch('E_STATE', f"{what} 'net'", known, name)
        return held

    def network(self, held: Held) -> Network:
        return held.network if held.network is not None else self._build(held)

    def break_off(self, held: Held) -> None:
        """After an error nobody knows what state it is in."""
        network, held.network = held.network, None
        if network is not None:
            network.close()

    def remove(self, held: Held) -> None:
        self.break_off(held)
        del self._held[held.spec.name]

    def clear(self) -> None:
        for held in list(self._held.values()):
            self.remove(held)

    def _build(self, held: Held) -> Network:
        if self._engine.exclusive:
            for other in self._held.values():
                self.break_off(other)
        held.network = self._engine.build(held.spec)
        return held.network

    def _refuse(self, spec: Spec) -> None:
        able = self._engine.capabilities
        for what, choices, chosen in (
            ('reset', able.resets, spec.reset),
            ('semantics', able.semantics, spec.semantics),
        ):
            if chosen not in choices:
                text = f'{self._engine.name}, {what}: expected {" | ".join(choices)}'
                raise WireError('E_UNSUPPORTED', f"{text}, received '{chosen}'")
        self._engine.check(spec)
        spec.options.done()

"""When what happens in a simulator whose spikes take a step: one observation is a frame of steps.

Times are steps behind the start of the frame. First the potentials are held down for as long as a spike may be on its
way, then let go to 0 in a step of its own, so that no rounding touches an observation. In the next step the first layer
gets its first input. Under `direct` each further layer begins a step later; under `dsqn` a spike takes two steps, and
all begin at once.
"""

from dataclasses import dataclass

from .spec import Spec

DEEP = 2.0**60  # held there; 0 again by adding as much


@dataclass(frozen=True)
class Frame:
    delay: int
    lag: tuple[int, ...]
    # Steps in which a layer gets input.
    inputs: int
    # The step of the semantics in which the first input may make a spike.
    first_spike: int
    # Steps in which a spike counts.
    tests: int

    @staticmethod
    def of(spec: Spec) -> 'Frame':
        layers = len(spec.layers)
        if spec.dsqn:
            return Frame(2, (0,) * layers, spec.steps - 1, 2, max(spec.steps - 2, 0))
        return Frame(1, tuple(range(layers)), spec.steps, 0, spec.steps)

    @property
    def holds(self) -> range:
        """Generators fire in these steps; what they send comes a step later."""
        return range(1, 1 + self.delay)

    @property
    def release(self) -> int:
        return 1 + self.delay

    @property
    def start(self) -> int:
        """When the first layer gets its first input."""
        return 3 + self.delay

    @property
    def drives(self) -> range:
        return range(self.start - 1, self.start - 1 + self.inputs)

    @property
    def length(self) -> int:
        return self.start + max(self.lag) + self.inputs - 1

    def window(self, layer: int) -> tuple[int, int]:
        """The first time at which a spike of the layer counts, and the first one after the last."""
        first = self.start + self.lag[layer]
        return first, first + self.tests

"""The back end of environments: the messages env.make, env.reset, env.step, env.render and env.close."""

from collections.abc import Callable
from typing import Any, ClassVar

from ..fields import Fields
from ..wire import Message, WireError, Words, is_whole, mismatch
from . import ale, envpool_env, gymnasium_env
from .bounds import send_bounds
from .group import Description, Group
from .slots import Layout, Slots

KINDS = {'ale': ale.make, 'gymnasium': gymnasium_env.make, 'envpool': envpool_env.make}
# The steps of so many fit into a header, which is all that the message of a step has.
MOST_COPIES = 1024
MOST_NOOPS = 10_000


class Environments:
    """Copies of one environment, their slots, and which of them have an episode that goes on."""

    def __init__(self, group: Group, slots: Slots, described: Description):
        self.group = group
        self.slots = slots
        self.actions = described.action['count']
        self.noop = described.noop
        self.running = [False] * slots.count

    def change(self, copies: list[int], call: Callable[..., list[Any]], *given: Any) -> list[Any]:
        """A call that breaks off leaves none of its copies with an episode: how far each came is unknown."""
        for copy in copies:
            self.running[copy] = False
        try:
            return call(copies, *given, self.slots)
        except WireError as error:
            error.broken = True
            raise


class EnvironmentBackend:
    name = 'env'
    packages = ('gymnasium', 'ale-py', 'envpool')
    abilities: ClassVar[dict[str, Any]] = {}

    def __init__(self, region: int | None):
        self._region = region
        self._made = 0
        self._open: tuple[str, Environments] | None = None
        self.handlers = {
            'env.make': self.make,
            'env.reset': self.reset,
            'env.step': self.step,
            'env.render': self.render,
            'env.close': self.close,
        }

    def make(self, message: Message) -> Message:
        if self._open is not None:
            raise mismatch('E_STATE', 'env.make', 'a worker without environments', self._open[0])
        count = Fields(message.body, 'env.make').whole('count', 1, 1, MOST_COPIES)
        fields = Fields(message.body.get('env'), 'environment')
        kind = fields.one_of('kind', tuple(KINDS), '')
        group = KINDS[kind](fields, count)
        described = group.describe()
        observation = dict(described.observation)
        shape = tuple(observation['shape'])
        layout = Layout(observation['dtype'], shape, described.frames, described.picture)
        slots = Slots(self._region, layout, count)
        tensors = send_bounds(observation)
        self._made += 1
        name = f'e{self._made}'
        self._open = (name, Environments(group, slots, described))
        body = {
            'env': name,
            'count': count,
            'slotBytes': layout.slot_bytes,
            'bytes': slots.bytes,
            'action': described.action,
            'observation': observation,
            'frames': described.frames,
            'picture': described.picture,
            'lives': described.lives,
            'maxSteps': described.max_steps,
        }
        return Message('env.made', body, tensors)

    def reset(self, message: Message) -> Message:
        environments = self._named(message)
        copies = message.body.get('copies')
        if not isinstance(copies, list) or not all(is_whole(copy, 0) for copy in copies):
            raise mismatch('E_ARGUMENT', "env.reset 'copies'", 'a list of copies', copies)
        _check_copies(environments, copies, 'env.reset')
        seeds, noops = (
            _list_of(message, name, len(copies), most, null)
            for name, most, null in [('seeds', 2**53 - 1, True), ('noops', MOST_NOOPS, False)]
        )
        if any(noops) and not environments.noop:
            text = 'no-op steps: expected an environment with an action NOOP, received none'
            raise WireError('E_UNSUPPORTED', text)
        lives = environments.change(copies, environments.group.reset, seeds, noops)
        for copy in copies:
            environments.running[copy] = True
        return Message('env.state', {'lives': lives})

    def step(self, message: Message) -> Message:
        environments = self._named(message)
        steps = message.body.get('steps')
        paired = isinstance(steps, list) and len(steps) % 2 == 0
        if not paired or not all(type(number) is int for number in steps):
            raise mismatch('E_ARGUMENT', "env.step 'steps'", 'copies and actions in turns', steps)
        copies, actions = steps[::2], steps[1::2]
        _check_copies(environments, copies, 'env.step')
        for copy, action in zip(copies, actions, strict=True):
            if not 0 <= action < environments.actions:
                expected = f'a whole number from 0 to {environments.actions - 1}'
                raise mismatch('E_RANGE', f'action of copy {copy}', expected, action)
            if not environments.running[copy]:
                came = Words('one that has ended')
                raise mismatch('E_STATE', f'copy {copy}', 'an episode that goes on', came)
        results: list[float] = []
        for copy, played in zip(
            copies, environments.change(copies, environments.group.step, actions), strict=True
        ):
            environments.running[copy] = played[1] == 0
            results += played
        return Message('env.stepped', {'results': results})

    def render(self, message: Message) -> Message:
        environments = self._named(message)
        copy = message.body.get('copy')
        if not is_whole(copy, 0):
            raise mismatch('E_ARGUMENT', "env.render 'copy'", 'a copy', copy)
        _check_copies(environments, [copy], 'env.render')
        return Message('env.picture', {}, {'picture': environments.group.render(copy)})

    def close(self, message: Message) -> Message:
        self._named(message)
        self.client_changed()
        return Message('ok')

    def client_changed(self) -> None:
        if self._open is not None:
            self._open[1].group.close()
            self._open = None

    def _named(self, message: Message) -> Environments:
        name = message.body.get('env')
        if self._open is None or self._open[0] != name:
            known = 'one that is open' if self._open is None else f"'{self._open[0]}'"
            raise mismatch('E_STATE', f'{message.type} of an environment', known, name)
        return self._open[1]


def _check_copies(environments: Environments, copies: list[int], what: str) -> None:
    count = environments.slots.count
    if not copies or min(copies) < 0 or max(copies) >= count:
        raise mismatch(
            'E_RANGE', f"{what} 'copies'", f'some of the copies 0 to {count - 1}', copies
        )
    if len(set(copies)) != len(copies):
        raise mismatch('E_ARGUMENT', f"{what} 'copies'", 'each copy once', copies)


def _list_of(message: Message, name: str, count: int, most: int, null: bool) -> list[Any]:
    values = message.body.get(name)
    if not isinstance(values, list) or len(values) != count:
        raise mismatch('E_SHAPE', f"{message.type} '{name}'", f'{count} of them', values)
    for value in values:
        if not is_whole(value, 0, most) and not (null and value is None):
            expected = f'whole numbers from 0 to {most}{" or null" if null else ""}'
            raise mismatch('E_RANGE', f"{message.type} '{name}'", expected, value)
    return values

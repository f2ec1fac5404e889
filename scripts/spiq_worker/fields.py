"""Reads the fields of a message's body, each checked; what nobody asked for is refused."""

import math
from typing import Any

from .wire import is_whole, mismatch


class Fields:
    def __init__(self, value: Any, what: str):
        if not isinstance(value, dict):
            raise mismatch('E_ARGUMENT', what, 'an object', value)
        self._values = value
        self._what = what
        self._asked: set[str] = set()

    def _get(self, name: str, default: Any) -> Any:
        self._asked.add(name)
        return self._values.get(name, default)

    def text(self, name: str) -> str:
        value = self._get(name, None)
        if not isinstance(value, str) or value == '':
            raise self._bad('E_ARGUMENT', name, 'a string', value)
        return value

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self._get(name, default)
        if value not in choices:
            raise self._bad('E_ARGUMENT', name, ' | '.join(choices), value)
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self._bad('E_ARGUMENT', name, 'true or false', value)
        return value

    def whole(self, name: str, default: int | None, least: int, most: int) -> Any:
        value = self._get(name, default)
        if value is None and default is None:
            return None
        if not is_whole(value, least, most):
            raise self._bad('E_RANGE', name, f'a whole number from {least} to {most}', value)
        return value

    def fraction(self, name: str, default: float) -> float:
        value = self._get(name, default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:
            raise self._bad('E_RANGE', name, 'a number from 0 to 1', value)
        return float(value)

    def positive(self, name: str) -> float | None:
        value = self._get(name, None)
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value < math.inf:
            raise self._bad('E_RANGE', name, 'a number above 0', value)
        return float(value)

    def listed(
        self, name: str, least: int, most: int, default: list[Any] | None = None
    ) -> list[Any]:
        value = self._get(name, default)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self._bad('E_ARGUMENT', name, f'a list of {least} to {most}', value)
        return value

    def object(self, name: str) -> dict[str, Any]:
        value = self._get(name, {})
        if not isinstance(value, dict):
            raise self._bad('E_ARGUMENT', name, 'an object', value)
        return value

    def done(self) -> None:
        for name in self._values:
            if name not in self._asked:
                expected = f'only the names {", ".join(sorted(self._asked))}'
                raise mismatch('E_ARGUMENT', self._what, expected, name)

    def _bad(self, code: str, name: str, expected: str, value: Any) -> Exception:
        return mismatch(code, f"{self._what} '{name}'", expected, value)

"""Checks of a script, and what became of them: JSON with each one's 'ok', or where it failed."""

import json
import traceback


class Checks:
    def __init__(self):
        self.all = []

    def __call__(self, work):
        """A decorator: the function is one of them."""
        self.all.append(work)
        return work


def report(works):
    """Runs named functions, and prints their outcomes as the script's last line."""
    outcomes = {}
    for name, work in works.items():
        try:
            work()
            outcomes[name] = 'ok'
        except Exception:
            outcomes[name] = traceback.format_exc()
    print(json.dumps(outcomes))


def named(*works):
    return {work.__name__: work for work in works}

"""One peer in a process of its own: serve.py FOLDER MODULE FILE. Answers each line of input with one JSON object.

  check          what it computes, as numbers
  save FILE      saves what its group looks at besides
  warm SECONDS   runs that long; seconds of one call
  time CALLS     seconds of one call, the mean of so many

FOLDER has a module `contender` with `start(module, file)`, which gives an object with these methods; `call` is timed.
`reset`, where there is one, is called before `warm` and `time`, so that each begins with the same state. Who has no
single calls to time brings `warm` and `time` of its own.
"""

import importlib
import json
import os
import sys
import time


def main():
    folder, module_name, path = sys.argv[1:]
    sys.path.insert(0, folder)
    # Libraries greet on standard output: it becomes standard error, and answers go to a copy.
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)

    def answer(**fields):
        print(json.dumps(fields), file=answers, flush=True)

    try:
        module = importlib.import_module(module_name)
        peer = importlib.import_module('contender').start(module, path)
        answer(version=module.VERSION)
        for line in sys.stdin:
            command, *rest = line.split()
            if command == 'check':
                answer(out=[float(value) for value in peer.check()])
            elif command == 'save':
                peer.save(*rest)
                answer()
            else:
                answer(seconds=measure(peer, command, *map(float, rest)))
    except Exception as error:
        answer(error=f'{type(error).__name__}: {error}'.splitlines()[0])


def measure(peer, command, amount):
    own = getattr(peer, command, None)
    if own is not None:
        return own(amount)
    reset = getattr(peer, 'reset', None)
    if reset is not None:
        reset()
    return TIMINGS[command](peer.call, amount)


def warm(call, seconds):
    begin = time.perf_counter()
    calls = 0
    while True:
        call()
        calls += 1
        passed = time.perf_counter() - begin
        if passed >= seconds:
            return passed / calls


def time_calls(call, calls):
    begin = time.perf_counter()
    for _ in range(int(calls)):
        call()
    return (time.perf_counter() - begin) / calls


TIMINGS = {'warm': warm, 'time': time_calls}

main()

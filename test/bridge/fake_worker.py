"""A back end that simulates in plain Python and misbehaves where SPIQ_FAKE_FAULT tells it to.

SPIQ_FAKE_FAULT is JSON: {"on": type of the request, "what": the fault, "once": a file that remembers it}. Without
"once" the fault comes back whenever the request does.
"""

import array
import json
import os
import signal
import struct
import sys
import threading
import time

import zmq

FORMATS = {'f64': 'd', 'u32': 'I'}
CAPS = {
    'resets': ['subtraction', 'zero'],
    'semantics': ['direct'],
    'exact': True,
    'predicted': False,
    'batch': 64,
    'sparse': True,
}
SLICE = 0.02  # s between two looks at the socket


class Cancelled(Exception):
    pass


class Fault:
    def __init__(self, told: dict):
        self.on, self.what = told.get('on'), told.get('what')
        self._once = told.get('once')

    def strikes(self, kind: str) -> str | None:
        if kind != self.on:
            return None
        if self._once is not None:
            if os.path.exists(self._once):
                return None
            with open(self._once, 'w', encoding='utf8'):
                pass
        return self.what


def tensors_of(header: dict, frames: list[bytes]) -> dict[str, list]:
    told = header.get('tensors', [])
    return {
        entry['name']: list(array.array(FORMATS[entry['dtype']], data))
        for entry, data in zip(told, frames, strict=True)
    }


class Net:
    def __init__(self, body: dict, tensors: dict[str, list]):
        self.body = body
        self.layers = []
        for k, layer in enumerate(body['layers']):
            units = layer['units']
            rows: list[list[tuple[int, float]]] = [[] for _ in range(units)]
            if layer['form'] == 'dense':
                weights = tensors[f'w{k}']
                width = len(weights) // units
                for at, weight in enumerate(weights):
                    rows[at // width].append((at % width, weight))
            else:
                ends = (tensors[f'w{k}.{end}'] for end in ('pre', 'post', 'value'))
                for pre, post, weight in zip(*ends, strict=True):
                    rows[post].append((pre, weight))
            shrink = 1 - body['epsilon']
            thresholds = tensors.get(f'theta{k}') or [layer['threshold']] * units
            theta = [threshold * shrink for threshold in thresholds]
            self.layers.append((rows, tensors[f'b{k}'], theta, layer['fires']))

    def run(self, x: list[float], steps) -> tuple[list[float], list[int], list, list]:
        potentials = [[0.0] * len(rows) for rows, *_ in self.layers]
        counts = [[0] * len(rows) for rows, *_ in self.layers]
        spikes: list[list[tuple[int, int]]] = [[] for _ in self.layers]
        traces: list[list[float]] = [[] for _ in self.layers]
        zero = self.body['reset'] == 'zero'
        for step in steps:
            given = x
            for k, (rows, biases, theta, fires) in enumerate(self.layers):
                v, fired = potentials[k], [0.0] * len(rows)
                for unit, row in enumerate(rows):
                    current = 0.0
                    for pre, weight in row:
                        current += weight * given[pre]
                    v[unit] += current + biases[unit]
                    if fires and v[unit] >= theta[unit]:
                        v[unit] = 0.0 if zero else v[unit] - theta[unit]
                        fired[unit] = 1.0
                        counts[k][unit] += 1
                        spikes[k].append((step, unit))
                traces[k] += v
                given = fired
        fire = [counts[k] for k, layer in enumerate(self.layers) if layer[3]]
        return potentials[-1], [count for layer in fire for count in layer], spikes, traces


class Worker:
    def __init__(self, socket: zmq.Socket, fault: Fault):
        self.socket, self.fault = socket, fault
        self.nets: dict[str, Net] = {}
        self.identity, self.header, self.late = b'', {}, None

    def send(self, kind: str, body: dict, arrays: dict | None = None, **changes) -> None:
        entries, frames = [], []
        for name, (dtype, shape, values) in (arrays or {}).items():
            entries.append({'name': name, 'dtype': dtype, 'shape': shape})
            frames.append(array.array(FORMATS[dtype], values).tobytes())
        header = {'p': 'spiq', 'v': 1, 'id': self.header['id'], 'type': kind, 'body': body}
        header |= {'tensors': entries, **changes}
        self.socket.send_multipart([self.identity, json.dumps(header).encode(), *frames])

    def error(self, code: str, message: str, state: str = 'ok') -> None:
        told = {'code': code, 'class': 'BackendError', 'message': message, 'netState': state}
        self.send('error', {**told, 'pythonType': 'FakeError', 'traceback': 'none'})

    def serve(self) -> None:
        while True:
            self.identity, first, *frames = self.socket.recv_multipart()
            self.header = json.loads(first)
            kind = self.header['type']
            what = self.fault.strikes(kind)
            if what is None or not self.misbehave(what, frames):
                try:
                    self.answer(kind, self.header.get('body', {}), frames)
                except Cancelled:
                    self.error('E_CANCELLED', 'the call was cancelled')
            if kind == 'shutdown':
                return

    def misbehave(self, what: str, frames: list[bytes]) -> bool:
        """Whether that was all of the answer."""
        if what == 'hang':
            time.sleep(1e6)
        elif what == 'crash':
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == 'abort':
            os.abort()
        elif what == 'stop':
            os.kill(os.getpid(), signal.SIGSTOP)
        elif what == 'late':
            time.sleep(1)
        elif what == 'noise':
            self.socket.send_multipart([self.identity, b'\xff\x00', b'noise'])
        elif what == 'nothing':
            self.socket.send_multipart([self.identity, b''])
        elif what == 'version':
            self.send('welcome', {'protocol': 2})
        elif what == 'newer-header':
            self.send('welcome', {'protocol': 1}, v=2)
        elif what == 'no-caps':
            self.send('welcome', {'protocol': 1, 'backend': 'fake'})
        elif what == 'large-header':
            self.send('sim.result', {'words': 'x' * 70_000})
        elif what == 'oversized':
            self.send('sim.result', {}, {})
            self.socket.send_multipart([self.identity, b'x' * (257 << 20)])
        elif what == 'other-type':
            self.send('env.made', {})
        elif what == 'no-tensors':
            self.send('sim.result', {'simMs': 1, 'steps': 1})
        elif what == 'short-tensor':
            told = [{'name': 'potentials', 'dtype': 'f64', 'shape': [1, 2]}]
            self.send('sim.result', {'simMs': 1}, tensors=told)
        elif what == 'wrong-shape':
            self.send('sim.result', {'simMs': 1}, {'potentials': ('f64', [1, 1], [0.0])})
        elif what == 'nan':
            self.send('sim.result', {'simMs': 1}, {'potentials': ('f64', [1, 1], [float('nan')])})
        elif what == 'backend-error':
            self.error('E_BACKEND', 'NESTError: on purpose', 'broken')
        elif what == 'memory-error':
            self.error('E_MEMORY', 'the worker has too little memory: on purpose')
        elif what == 'token':
            self.error(
                'E_AUTH', 'token of hello: expected the one of this worker, received another'
            )
        else:
            self.late = what
            return False
        return what != 'late'

    def answer(self, kind: str, body: dict, frames: list[bytes]) -> None:
        told, self.late = self.late, None
        if kind == 'hello':
            versions = {'fake': '1.0'}
            welcome = {'protocol': 1, 'worker': 'fake', 'pid': os.getpid(), 'backend': 'fake'}
            welcome |= {'python': sys.version.split()[0], 'numpy': 'none', 'versions': versions}
            self.send('welcome', {**welcome, 'models': ['plain'], 'caps': CAPS})
        elif kind == 'sim.build':
            net = Net(body, tensors_of(self.header, frames))
            self.nets[body['net']] = net
            synapses = sum(len(row) for rows, *_ in net.layers for row in rows)
            neurons = sum(len(rows) for rows, *_ in net.layers)
            sizes = {'neurons': neurons, 'synapses': synapses, 'buildMs': 0.5}
            lag = list(range(len(net.layers)))
            self.send('sim.built', {'net': body['net'], 'lag': lag, **sizes, 'effective': {}})
        elif kind in ('sim.run', 'sim.evaluate'):
            self.simulate(kind, body, frames, told)
        elif kind == 'sim.raster':
            self.raster(body, frames)
        elif kind in ('sim.destroy', 'shutdown'):
            self.nets.pop(body.get('net'), None)
            self.send('ok', {})
        elif kind == 'cancel':
            self.send('cancelled', {'target': body['target']})
        else:
            self.send('pong', {'busy': False})

    def simulate(self, kind: str, body: dict, frames: list[bytes], told: str | None) -> None:
        net = self.nets[body['net']]
        width = net.body['inputs']
        x = tensors_of(self.header, frames)['x']
        rows = [x[at : at + width] for at in range(0, len(x), width)]
        potentials: list[float] = []
        counts: list[int] = []
        begin = time.perf_counter()
        for done, row in enumerate(rows):
            if kind == 'sim.evaluate' and done % body['chunk'] == 0 and done > 0:
                self.send('progress', {'done': done, 'total': len(rows)})
            self.look()
            last, spikes, *_ = net.run(row, range(net.body['T']))
            potentials += last
            counts += spikes
            if told == 'slow':
                self.sleep(30, deaf=False)
            elif told == 'deaf':
                self.sleep(30, deaf=True)
        if told == 'wrong-count':
            counts[0] += 1
        results = {
            'potentials': ('f64', [len(rows), len(potentials) // len(rows)], potentials),
            'counts': ('u32', [len(rows), len(counts) // len(rows)], counts),
        }
        spent = 1000 * (time.perf_counter() - begin)
        steps = net.body['T']
        figures = {'simMs': spent, 'steps': steps, 'clipped': 0, 'overflows': 0}
        self.send('sim.result', figures, results)

    def raster(self, body: dict, frames: list[bytes]) -> None:
        net = self.nets[body['net']]
        x = tensors_of(self.header, frames)['x']
        _, _, spikes, traces = net.run(x, range(net.body['T']))
        tensors = {}
        for k, (rows, _, _, fires) in enumerate(net.layers):
            if fires:
                flat = [number for pair in spikes[k] for number in pair]
                tensors[f'spikes{k}'] = ('u32', [len(spikes[k]), 2], flat)
            if 'potentials' in body['want']:
                tensors[f'v{k}'] = ('f64', [net.body['T'], len(rows)], traces[k])
        self.send('sim.raster', {'simMs': 1}, tensors)

    def sleep(self, seconds: float, deaf: bool) -> None:
        """A long simulation, in slices or without."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(SLICE)
            if not deaf:
                self.look()

    def look(self) -> None:
        """Whether the request is to be broken off; nothing else comes while one is under way."""
        if self.socket.poll(0) == 0:
            return
        identity, first, *_ = self.socket.recv_multipart()
        cancel = json.loads(first)
        if cancel['type'] != 'cancel' or cancel['body']['target'] != self.header['id']:
            raise RuntimeError(f'expected a cancel of {self.header["id"]}, received {cancel}')
        answer = {'p': 'spiq', 'v': 1, 'id': cancel['id'], 'type': 'cancelled', 'tensors': []}
        answer['body'] = {'target': self.header['id']}
        self.socket.send_multipart([identity, json.dumps(answer).encode()])
        raise Cancelled


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    assert struct.calcsize('I') == 4
    if sys.platform == 'linux':
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    socket = zmq.Context().socket(zmq.ROUTER)
    socket.linger = 1000
    socket.bind(sys.argv[sys.argv.index('--endpoint') + 1])
    Worker(socket, Fault(json.loads(os.environ.get('SPIQ_FAKE_FAULT', '{}')))).serve()


main()

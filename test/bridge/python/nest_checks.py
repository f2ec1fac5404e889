"""What goes wrong in NEST itself, which only its own process can bring about. Prints each check's outcome as JSON."""

import os
import sys

import numpy as np
from checks import named, report
from nets import network, observations
from spiq_worker import backends
from spiq_worker.failures import error_message
from spiq_worker.wire import Message, WireError

BACKEND = sys.argv[1]


class NoTurn:
    def pause(self):
        pass

    def progress(self, done, total):
        pass


def prepared():
    backend = backends.load(BACKEND, None)(NoTurn())
    backend.build(network(np.random.default_rng(1), name='n', copies=2))
    request = Message('sim.run', {'net': 'n'}, {'x': observations(np.random.default_rng(2), 2, 4)})
    return backend, request


def an_error_of_nest_breaks_the_network_which_is_built_anew():
    import nest

    backend, request = prepared()
    before = backend.run(request).tensors
    nest.ResetKernel()
    try:
        backend.run(request)
    except WireError:
        raise
    except Exception as error:
        body = error_message(error).body
        assert body['code'] == 'E_BACKEND' and body['netState'] == 'broken', body
        assert body['pythonType'] and body['traceback']
    else:
        raise AssertionError('expected an error of NEST')
    after = backend.run(request).tensors
    assert all(np.array_equal(before[name], after[name]) for name in before)


def memory_and_times_stay_flat():
    import nest

    backend, request = prepared()
    for _ in range(300):
        backend.run(request)
    before = resident()
    for _ in range(3000):
        backend.run(request)
    assert resident() - before < 2**22, f'{resident() - before} bytes more'
    log = nest.spike_buffer_resize_log
    assert len(log['times']) < 50, len(log['times'])


def resident():
    with open('/proc/self/statm') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')


CHECKS = [an_error_of_nest_breaks_the_network_which_is_built_anew]
if sys.platform == 'linux':
    CHECKS.append(memory_and_times_stay_flat)
report(named(*CHECKS))

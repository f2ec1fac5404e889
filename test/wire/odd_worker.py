"""A peer that greets as SPIQ_TEST_GREETING says: with another version of the protocol, or with something else, or well, and
then does wrong on the line."""

import json
import os
import sys
import time

import zmq

# Seconds in which the other side has noticed what was done.
NOTICED = 0.3
on_line = {'lets-go': lambda line: os.close(line), 'babbles': lambda line: os.write(line, b'noise')}
well = {'v': 1, 'type': 'welcome', 'body': {'protocol': 1, 'line': True}}
greetings = {
    'newer': {'v': 1, 'type': 'welcome', 'body': {'protocol': 2}},
    'newer-header': {'v': 2, 'type': 'welcome', 'body': {'protocol': 2}},
    'stranger': {'v': 1, 'type': 'bonjour', 'body': {}},
    **dict.fromkeys(['let-go-before', *on_line], well),
}


def line_of_arguments():
    return int(sys.argv[sys.argv.index('--line-fd') + 1])


socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(sys.argv[sys.argv.index('--endpoint') + 1])
identity, first, *_ = socket.recv_multipart()
greeting = os.environ['SPIQ_TEST_GREETING']
header = {'p': 'spiq', 'id': json.loads(first)['id'], **greetings.get(greeting, {})}
if greeting == 'let-go-before':
    os.close(line_of_arguments())
    time.sleep(NOTICED)
answer = b'\xff\x00' if greeting == 'noise' else json.dumps(header).encode()
socket.send_multipart([identity, answer])
if greeting in on_line:
    on_line[greeting](line_of_arguments())
sys.stdin.read()

"""A peer that greets as SPIQ_TEST_GREETING says: with another version of the protocol, or with something else, or well, and
then does wrong on the line."""

import json
import os
import sys

import zmq

on_line = {'lets-go': lambda line: os.close(line), 'babbles': lambda line: os.write(line, b'noise')}
well = {'v': 1, 'type': 'welcome', 'body': {'protocol': 1, 'line': True}}
greetings = {
    'newer': {'v': 1, 'type': 'welcome', 'body': {'protocol': 2}},
    'newer-header': {'v': 2, 'type': 'welcome', 'body': {'protocol': 2}},
    'stranger': {'v': 1, 'type': 'bonjour', 'body': {}},
    **dict.fromkeys(on_line, well),
}

socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(sys.argv[sys.argv.index('--endpoint') + 1])
identity, first, *_ = socket.recv_multipart()
greeting = os.environ['SPIQ_TEST_GREETING']
header = {'p': 'spiq', 'id': json.loads(first)['id'], **greetings.get(greeting, {})}
answer = b'\xff\x00' if greeting == 'noise' else json.dumps(header).encode()
socket.send_multipart([identity, answer])
if greeting in on_line:
    on_line[greeting](int(sys.argv[sys.argv.index('--line-fd') + 1]))
sys.stdin.read()

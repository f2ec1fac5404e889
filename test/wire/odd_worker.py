"""A peer that greets as SPIQ_TEST_GREETING says: with another version of the protocol, or with something else."""

import json
import os
import sys

import zmq

greetings = {
    'newer': {'v': 1, 'type': 'welcome', 'body': {'protocol': 2}},
    'newer-header': {'v': 2, 'type': 'welcome', 'body': {'protocol': 2}},
    'stranger': {'v': 1, 'type': 'bonjour', 'body': {}},
}

socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(sys.argv[sys.argv.index('--endpoint') + 1])
identity, first, *_ = socket.recv_multipart()
greeting = os.environ['SPIQ_TEST_GREETING']
header = {'p': 'spiq', 'id': json.loads(first)['id'], **greetings.get(greeting, {})}
answer = b'\xff\x00' if greeting == 'noise' else json.dumps(header).encode()
socket.send_multipart([identity, answer])
sys.stdin.read()

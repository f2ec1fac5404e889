#!/usr/bin/env python3
"""Makes the files that spiq's tests compare against, and the example network, without spiq."""

import argparse
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def network(root):
    from oracle.network_files import write_network

    write_network(root)


def simulate(root):
    from oracle.simulation_files import write_simulations

    write_simulations(root)


def convert(root):
    from oracle.conversion_files import write_conversions

    write_conversions(root)


def cart_pole(root):
    from oracle.cart_pole_files import write_cart_pole

    write_cart_pole(root)


def mountain_car(root):
    from oracle.mountain_car_files import write_mountain_car

    write_mountain_car(root)


def acrobot(root):
    from oracle.acrobot_files import write_acrobot

    write_acrobot(root)


def onnx(root):
    from oracle.onnx_files import write_onnx

    write_onnx(root)


def torch_weights(root):
    from oracle.torch_files import write_torch

    write_torch(root)


def gradients(root):
    from oracle.learning.gradient_files import write_gradients

    write_gradients(root)


def training(root):
    from oracle.learning.training_files import write_training

    write_training(root)


def torch_exports(root):
    from oracle.exports.listing import write_exports
    from oracle.exports.torch_exports import write_torch_exports

    write_exports(root, 'torch', write_torch_exports)


def sb3_exports(root):
    from oracle.exports.listing import write_exports
    from oracle.exports.sb3_exports import write_sb3_exports

    write_exports(root, 'sb3', write_sb3_exports)


def keras_exports(root):
    from oracle.exports.keras_exports import write_keras_exports
    from oracle.exports.listing import write_exports

    write_exports(root, 'keras', write_keras_exports)


def frames(root):
    from oracle.frames_files import write_frames

    write_frames(root)


# In this order: `simulate` and `convert` read the example network.
WRITERS = {
    'network': network,
    'simulate': simulate,
    'convert': convert,
    'cart-pole': cart_pole,
    'mountain-car': mountain_car,
    'acrobot': acrobot,
    'onnx': onnx,
    'torch': torch_weights,
    'gradients': gradients,
    'training': training,
    'torch-exports': torch_exports,
}
# These need packages of their own (peers.txt, keras.txt and frames.txt of scripts/requirements) and are no part of `all`.
PEER_WRITERS = {'sb3-exports': sb3_exports, 'keras-exports': keras_exports, 'frames': frames}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    for name in ('all', *WRITERS, *PEER_WRITERS):
        command = commands.add_parser(name)
        command.add_argument(
            '--out',
            type=Path,
            default=REPOSITORY,
            help='folder in which models/ and test/oracle/ are written (default: the repository)',
        )
    published = commands.add_parser('check-published')
    published.add_argument('folder', type=Path, help='golden files of the published code')
    arguments = parser.parse_args()
    if arguments.command == 'check-published':
        from oracle.published import check_published

        check_published(arguments.folder)
        return
    chosen = WRITERS if arguments.command == 'all' else [arguments.command]
    for name in chosen:
        {**WRITERS, **PEER_WRITERS}[name](arguments.out)


if __name__ == '__main__':
    main()

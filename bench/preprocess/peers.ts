import type { Peer } from '../compare/peer.js';
import type { PreprocessTrial } from './trials.js';

interface PreprocessPeer extends Peer {
  readonly kinds: readonly PreprocessTrial['kind'][];
}

/** Each must make the same observations; of `scikit-image` the resize alone is timed. */
export const peers: readonly PreprocessPeer[] = [
  {
    name: 'scikit-image',
    module: 'skimage_resize',
    counted: true,
    verified: true,
    kinds: ['patel', 'mnih'],
    note: 'its resize alone, of a luminance that is there; spiq makes whole observations of RGB frames',
  },
  {
    name: 'OpenCV',
    module: 'opencv_resize',
    counted: true,
    verified: true,
    kinds: ['nature'],
    note: "as Gymnasium's AtariPreprocessing calls NumPy and it",
  },
];

export const peersOf = ({ kind }: PreprocessTrial): readonly PreprocessPeer[] =>
  peers.filter(({ kinds }) => kinds.includes(kind));

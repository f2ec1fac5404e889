import fc from 'fast-check';
import { itAgrees } from './agree.js';
import {
  conv,
  convTranspose,
  groupedConv,
  lines,
  planes,
  pool,
  recipes,
  someOf,
} from './layers.js';

describe('property: convolutions', () => {
  itAgrees('along a line', recipes(lines, someOf(conv, 2)), 40);
  itAgrees('over a plane', recipes(planes, someOf(conv, 2)), 40);
  itAgrees('in groups and depthwise', recipes(planes, someOf(fc.oneof(groupedConv, conv), 2)), 40);
});

describe('property: transposed convolutions', () => {
  itAgrees('along a line', recipes(lines, someOf(convTranspose, 1)), 30);
  itAgrees('over a plane', recipes(planes, someOf(fc.oneof(convTranspose, conv), 2)), 30);
});

describe('property: pools', () => {
  const sums = pool('average', 'sum');
  const maxima = pool('max');
  itAgrees('average and sum of the input', recipes(planes, someOf(sums, 1)), 30);
  itAgrees('average and sum behind a convolution', recipes(planes, fc.tuple(conv, sums)), 40);
  itAgrees('maximum of the input', recipes(fc.oneof(planes, lines), someOf(maxima, 1)), 30);
  itAgrees('maximum behind a convolution', recipes(planes, fc.tuple(conv, maxima, conv)), 40);
});

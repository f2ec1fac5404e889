import fc from 'fast-check';
import { itAgrees } from './agree.js';
import {
  branch,
  conv,
  convTranspose,
  delay,
  dense,
  flat,
  groupedConv,
  lines,
  moving,
  planes,
  pool,
  recipes,
  reshaping,
  scale,
  someOf,
} from './layers.js';

const [residual, concat] = [branch('residual'), branch('concat')];
const anyShape = fc.oneof(flat, lines, planes);

describe('property: shapes', () => {
  itAgrees(
    'upsampled, reshaped and flattened',
    recipes(anyShape, someOf(fc.oneof(reshaping, conv), 3)),
    40,
  );
});

describe('property: values in other places', () => {
  const layers = fc.oneof(moving, conv, pool('max'));
  itAgrees('transposed, selected and padded', recipes(anyShape, someOf(layers, 3)), 60);
});

describe('property: scales', () => {
  itAgrees('of the input', recipes(anyShape, fc.tuple(scale, conv)), 30);
  itAgrees('of spikes and sums', recipes(anyShape, someOf(fc.oneof(scale, conv, residual), 3)), 60);
});

describe('property: branches', () => {
  itAgrees('residual sums', recipes(planes, someOf(fc.oneof(residual, conv), 2)), 40);
  itAgrees('concatenations', recipes(planes, someOf(fc.oneof(concat, conv), 2)), 40);
});

describe('property: delays', () => {
  itAgrees('in fully connected layers', recipes(flat, fc.tuple(dense, delay)), 30);
  itAgrees('over planes and lines', recipes(anyShape, fc.tuple(conv, delay, conv)), 30);
});

describe('property: whole graphs', () => {
  const any = fc.oneof(
    dense,
    conv,
    groupedConv,
    convTranspose,
    pool('average', 'sum', 'max'),
    reshaping,
    scale,
    moving,
    residual,
    concat,
    delay,
  );
  itAgrees('of any layers', recipes(anyShape, someOf(any, 5)), 100);
});

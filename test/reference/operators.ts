import type { Arithmetic } from './arithmetic.js';
import type { Place } from './arrange.js';
import { convConnections, denseConnections, transposeConnections } from './linear.js';
import { moved, padSources, selectSources, transposeSources } from './move.js';
import { pool } from './pool.js';
import { add, concat, upsample } from './rearrange.js';
import { elementCount } from './value.js';
import type { OperatorMaker } from './value.js';
import { scaleConnections, weightedSum } from './weighted-sum.js';

/** What every node does that is neither input nor neuron. */
export function operatorMaker(
  { node, shape }: Place,
  inputs: readonly (readonly number[])[],
  arithmetic: Arithmetic,
): OperatorMaker {
  const [input] = inputs;
  switch (node.kind) {
    case 'dense':
      return weightedSum(denseConnections(node), arithmetic);
    case 'conv':
      return weightedSum(convConnections(node, input!, shape), arithmetic);
    case 'conv_transpose':
      return weightedSum(transposeConnections(node, input!, shape), arithmetic);
    case 'pool':
      return pool(node, input!, shape, arithmetic);
    case 'scale':
      return weightedSum(scaleConnections(node, elementCount(shape)), arithmetic);
    case 'transpose':
      return moved(transposeSources(node, input!, shape));
    case 'select':
      return moved(selectSources(node, input!, shape));
    case 'pad':
      return moved(padSources(node, input!, shape));
    case 'flatten':
    case 'reshape':
      return () =>
        ([value]) =>
          value!;
    case 'upsample': {
      const repeat = upsample(node, input!, shape);
      return () =>
        ([value]) =>
          repeat(value!);
    }
    case 'concat': {
      const join = concat(node, inputs);
      return () => join;
    }
    case 'add':
      return () => (values) => add(values, arithmetic);
    default:
      throw new Error(`${node.kind} node '${node.name}' has no operator`);
  }
}

import type { WireBody, WireTensor } from '../wire/message.js';
import { denseMatrix, rowOfEach } from './connections.js';
import { isDense, type BridgeModel } from './model.js';

export interface BuildMessage {
  readonly body: WireBody;
  readonly tensors: ReadonlyMap<string, WireTensor>;
}

/** What the worker needs to make the network, but for its name. */
export function buildMessage(
  model: BridgeModel,
  copies: number,
  options: Readonly<Record<string, unknown>>,
): BuildMessage {
  const tensors = new Map<string, WireTensor>();
  const layers = model.layers.map(({ units, fires, threshold, connections }, l) => {
    const dense = isDense(connections);
    const list = (name: string, data: WireTensor['data']): void => {
      tensors.set(name, { data, shape: [data.length] });
    };
    if (dense) {
      const shape = [connections.rows, connections.columns];
      tensors.set(`w${l}`, { data: denseMatrix(connections), shape });
    } else {
      list(`w${l}.pre`, connections.column);
      list(`w${l}.post`, rowOfEach(connections));
      list(`w${l}.value`, connections.value);
    }
    list(`b${l}`, connections.bias);
    const scalar = typeof threshold === 'number';
    if (!scalar) list(`theta${l}`, threshold);
    const form = dense ? 'dense' : 'sparse';
    return { units, fires, threshold: scalar ? threshold : null, form };
  });
  const { inputs, steps, reset, semantics, epsilon, decoding } = model;
  const body = {
    inputs,
    T: steps,
    reset,
    semantics,
    epsilon,
    copies,
    readout: decoding,
    options,
    layers,
  };
  return { body, tensors };
}

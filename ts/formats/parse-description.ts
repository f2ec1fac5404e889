import { SpiqError, mismatch, show } from '../errors.js';
import type { Conversion, Edge } from '../graph.js';
import { Fields } from './fields.js';
import { descriptionFormat, descriptionVersion } from './graph-description.js';
import type { Description } from './graph-description.js';
import { parseNode } from './parse-node.js';

/** Every field is checked: unknown ones are refused, since ignoring one could change what a network computes. */
export function parseDescription(text: string, what: string): Description {
  const fields = new Fields(parseJson(text, what), what);
  if (fields.raw('format') !== descriptionFormat) {
    throw mismatch('E_FORMAT', `${what}: format`, `'${descriptionFormat}'`, fields.raw('format'));
  }
  checkVersion(fields.count('version'), what);
  const description = {
    nodes: fields.list('nodes').map((node, index) => parseNode(node, `${what}: node ${index}`)),
    edges: fields.list('edges').map((edge) => parseEdge(edge, what)),
    outputs: fields.strings('outputs'),
    ...(fields.has('epsilon') && { epsilon: fields.number('epsilon') }),
    ...(fields.has('conversion') && {
      conversion: parseConversion(fields.raw('conversion'), `${what}: conversion`),
    }),
  };
  fields.done();
  return description;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpiqError('E_FORMAT', `${what}: expected JSON, received ${show(text)}`, { cause });
  }
}

function checkVersion(version: number, what: string): void {
  if (version > descriptionVersion) {
    const expected = `at most ${descriptionVersion}; a newer spiq wrote this file`;
    throw mismatch('E_VERSION', `${what}: version`, expected, version);
  }
  if (version < 1) throw mismatch('E_FORMAT', `${what}: version`, 'at least 1', version);
}

function parseEdge(value: unknown, what: string): Edge {
  if (Array.isArray(value) && (value.length === 2 || value.length === 3)) {
    const [from, to, delay = 0] = value as unknown[];
    if (typeof from === 'string' && typeof to === 'string' && typeof delay === 'number') {
      return delay === 0 ? [from, to] : [from, to, delay];
    }
  }
  throw mismatch('E_FORMAT', `${what}: edge`, '[from, to] or [from, to, delay]', value);
}

function parseConversion(value: unknown, what: string): Conversion {
  const fields = new Fields(value, what);
  const conversion = {
    method: fields.string('method'),
    scale: fields.numbers('scale'),
    ...(fields.has('percentile') && { percentile: fields.number('percentile') }),
    ...(fields.has('granularity') && {
      granularity: fields.oneOf('granularity', ['layer', 'channel'] as const),
    }),
    ...(fields.has('steps') && { steps: fields.count('steps') }),
    ...(fields.has('headroom') && { headroom: fields.number('headroom') }),
    ...(fields.has('burst') && { burst: fields.count('burst') }),
    ...(fields.has('channelScales') && {
      channelScales: fields.list('channelScales').map((each) => {
        return new Fields({ scales: each }, `${what}: channelScales`).numbers('scales');
      }),
    }),
    ...(fields.has('rectified') && { rectified: fields.boolean('rectified') }),
    ...(fields.has('calibrationRows') && { calibrationRows: fields.count('calibrationRows') }),
  };
  fields.done();
  return conversion;
}

import { mismatch } from '../../errors.js';
import type { FlatGraph } from './flat-graph.js';

export interface Link {
  readonly from: string;
  readonly to: string;
  /** It closes a cycle: its value is that of the step before. */
  readonly back: boolean;
}

export interface Ordered {
  /** Each behind those that it reads from, but for links back. */
  readonly names: readonly string[];
  readonly links: readonly Link[];
}

/** Edges that close a cycle are found on the way from the input, those that leave a node taken in the file's order. */
export function orderGraph({ records, edges }: FlatGraph, what: string): Ordered {
  const inputs = [...records.values()].filter(({ type }) => type === 'Input');
  if (inputs.length !== 1) {
    const names = inputs.map(({ name }) => name);
    throw mismatch('E_UNSUPPORTED', what, 'one Input node', names);
  }
  const targets = new Map([...records.keys()].map((name): [string, string[]] => [name, []]));
  edges.forEach(([from, to]) => targets.get(from)!.push(to));
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  const back = new Set<string>();
  walk(inputs[0]!.name);
  const stranger = [...records.keys()].find((name) => !state.has(name));
  if (stranger !== undefined) {
    throw mismatch('E_GRAPH', what, 'edges from the input to every node', stranger);
  }
  const links = edges.map(([from, to]) => ({ from, to, back: back.has(key(from, to)) }));
  return { names: finished.reverse(), links };

  // With a stack of its own: a long chain must not overflow that of the language.
  function walk(start: string): void {
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const to = targets.get(top.name)![top.next];
      top.next += 1;
      if (to === undefined) {
        state.set(top.name, 'done');
        finished.push(top.name);
        stack.pop();
      } else if (state.get(to) === 'open') {
        back.add(key(top.name, to));
      } else if (!state.has(to)) {
        state.set(to, 'open');
        stack.push({ name: to, next: 0 });
      }
    }
  }
}

const key = (from: string, to: string): string => JSON.stringify([from, to]);

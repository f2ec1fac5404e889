import { mismatch, phrase, show } from '../../errors.js';
import type { Edge, Graph, GraphNode, Tensor } from '../../graph.js';
import { shapeAfter } from '../node-shapes.js';
import { scaleRows } from './scale-rows.js';
import type { FlatGraph } from './flat-graph.js';
import { orderGraph } from './order.js';
import type { Link } from './order.js';
import type { ReadContext } from './read-context.js';
import { layerReaders } from './read-layers.js';
import { unitReaders } from './read-units.js';
import type { Units } from './read-units.js';
import type { NirRecord } from './record.js';

/** What a NIR node gives: the value of a node of ours, some steps late. */
interface Value {
  readonly node: string;
  readonly delay: number;
  readonly shape: readonly number[];
}

/** Puts together spiq's graph: several edges into a node become an add node, links back delayed edges. */
export function assemble(flat: FlatGraph, context: ReadContext): Graph {
  return new Assembly(flat, context).build();
}

class Assembly {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges: Edge[] = [];
  readonly #values = new Map<string, Value>();
  readonly #outputs: string[] = [];
  readonly #pending: { readonly link: Link; readonly sum: string }[] = [];
  readonly #names: readonly string[];
  readonly #links: readonly Link[];

  constructor(
    private readonly flat: FlatGraph,
    private readonly context: ReadContext,
  ) {
    const { names, links } = orderGraph(flat, context.what);
    this.#names = names;
    this.#links = links;
  }

  build(): Graph {
    for (const name of this.#names) this.#add(this.flat.records.get(name)!);
    for (const { link, sum } of this.#pending) this.#connectBack(link, sum);
    if (this.#outputs.length === 0) {
      throw mismatch('E_GRAPH', this.context.what, 'an Output node', phrase('none'));
    }
    return {
      nodes: [...this.#nodes.values()],
      edges: this.#edges,
      outputs: this.#outputs,
      epsilon: 0,
    };
  }

  #add(record: NirRecord): void {
    const { name, type } = record;
    if (type === 'Input') {
      this.#put({ kind: 'input', name, shape: this.#inputShape(record) }, []);
      return;
    }
    const source = this.#sourceOf(record);
    if (type === 'Output') {
      const value = this.#prompt(source, name);
      this.#values.set(name, value);
      if (!this.#outputs.includes(value.node)) this.#outputs.push(value.node);
    } else if (type === 'Delay') {
      this.#values.set(name, { ...source, delay: source.delay + this.#stepsOf(record) });
    } else if (Object.hasOwn(unitReaders, type)) {
      const prompt = this.#prompt(source, name);
      this.#addUnits(record, unitReaders[type]!(record, prompt.shape, this.context), prompt);
    } else if (Object.hasOwn(layerReaders, type)) {
      const prompt = this.#prompt(source, name);
      this.#put(layerReaders[type]!(record, prompt.shape), [prompt]);
    } else {
      const known = [...Object.keys(layerReaders), ...Object.keys(unitReaders), 'Delay'];
      throw record.refuse(`one of ${known.join(', ')}`, type);
    }
  }

  /** Without the batch of one that Norse and snnTorch leave in front of what they trace a network with. */
  #inputShape(record: NirRecord): number[] {
    const shape = record.integers('shape');
    if (shape.length === 0 || shape.some((size) => size < 1)) {
      throw record.refuse('a shape of sizes of at least 1', shape);
    }
    const users = this.#links.filter(({ from }) => from === record.name);
    const expected = users.map(({ to }) => {
      const { type } = this.flat.records.get(to)!;
      return { Affine: 1, Linear: 1, Conv1d: 2, Conv2d: 3 }[type];
    });
    const hasBatch = shape[0] === 1 && expected.some((dims) => dims === shape.length - 1);
    if (!hasBatch) return shape;
    this.context.note(
      `node ${show(record.name)}: the leading 1 of ${show(shape)} is taken for a batch`,
    );
    return shape.slice(1);
  }

  #addUnits(record: NirRecord, { node, gain, drive }: Units, source: Value): void {
    const before = this.#nodes.get(source.node)!;
    const isScaled = gain.some((factor) => factor !== 1) || drive.some((value) => value !== 0);
    if (!isScaled) {
      this.#put(node, [source]);
      return;
    }
    const isOnly = this.#links.filter(({ from }) => from === before.name).length === 1;
    if ((before.kind === 'dense' || before.kind === 'conv') && isOnly) {
      this.#nodes.set(before.name, scaleRows(before, gain, drive));
      this.#put(node, [source]);
      return;
    }
    const tensor = (data: Float64Array): Tensor => ({
      shape: [data.length],
      data: Float32Array.from(data),
    });
    const scale = this.#put(
      {
        kind: 'scale',
        name: this.#fresh(`${record.name}_gain`),
        factor: tensor(gain),
        ...(drive.some((value) => value !== 0) && { offset: tensor(drive) }),
      },
      [source],
    );
    this.#put(node, [scale]);
  }

  #put(node: GraphNode, sources: readonly Value[]): Value {
    const shapes = sources.map(({ shape }) => shape);
    const shape = shapeAfter(node, shapes, this.context.what);
    this.#nodes.set(node.name, node);
    sources.forEach(({ node: from }) => this.#edges.push([from, node.name]));
    const value = { node: node.name, delay: 0, shape };
    this.#values.set(node.name, value);
    return value;
  }

  #stepsOf(record: NirRecord): number {
    const delays = record.numbers('delay').data;
    const [seconds = 0] = delays;
    const steps = Math.round(seconds / this.context.dt);
    const isWhole = Math.abs(seconds / this.context.dt - steps) <= 1e-4 * Math.max(1, steps);
    if (delays.every((delay) => delay === seconds) && isWhole && steps >= 0) return steps;
    const expected = `one delay, of whole steps of ${this.context.dt} s (dt says how long a step is)`;
    throw record.refuse(expected, Array.from(delays.slice(0, 4)));
  }

  /** The sum of all that leads into a node. */
  #sourceOf(record: NirRecord): Value {
    const { name } = record;
    const links = this.#links.filter(({ to }) => to === name);
    const values = links.flatMap(({ from, back }) => (back ? [] : [this.#values.get(from)!]));
    if (values.length === 0) {
      throw mismatch('E_GRAPH', record.what, 'an edge from the input', phrase('none'));
    }
    if (links.length === 1) return values[0]!;
    const sum = this.#sum(values, `${name}_sum`);
    for (const link of links) if (link.back) this.#pending.push({ link, sum: sum.node });
    return sum;
  }

  /** The same value without a delay left to account for. */
  #prompt(value: Value, user: string): Value {
    return value.delay === 0 ? value : this.#sum([value], `${user}_late`);
  }

  #sum(values: readonly Value[], wanted: string): Value {
    const prompt = values.filter(({ delay }) => delay === 0);
    const late = values.filter(({ delay }) => delay > 0);
    // An add node needs a summand without delay: nothing at all is one.
    if (prompt.length === 0) prompt.push(this.#nothing(late[0]!));
    const sum = this.#put({ kind: 'add', name: this.#fresh(wanted) }, prompt);
    late.forEach((value) => this.#connectLate(value, sum.node));
    return sum;
  }

  #nothing({ node, shape }: Value): Value {
    const factor = { shape: [shape[0]!], data: new Float32Array(shape[0]!) };
    const name = this.#fresh(`${node}_nothing`);
    return this.#put({ kind: 'scale', name, factor }, [{ node, delay: 0, shape }]);
  }

  #connectLate({ node, delay, shape }: Value, sum: string): void {
    // The graph has no two edges between two nodes: a second one goes by way of a sum of one.
    const isTaken = this.#edges.some(([from, to]) => from === node && to === sum);
    const copy = () => {
      const value = { node, delay: 0, shape };
      return this.#put({ kind: 'add', name: this.#fresh(`${node}_copy`) }, [value]).node;
    };
    this.#edges.push([isTaken ? copy() : node, sum, delay]);
  }

  #connectBack({ from }: Link, sum: string): void {
    const value = this.#values.get(from)!;
    const { profile, what } = this.context;
    const source = this.#nodes.get(value.node)!;
    // snnTorch's recurrent layers add their bias in the first step too, where nothing has come back yet.
    if (profile === 'snntorch' && source.kind === 'dense' && source.bias !== undefined) {
      const { bias, ...bare } = source;
      if (this.#links.filter((link) => link.from === from).length > 1) {
        const label = `${what}: node ${show(from)}`;
        throw mismatch('E_UNSUPPORTED', label, 'no edge but the one back', phrase('another'));
      }
      this.#nodes.set(source.name, bare);
      this.#offset(sum, bias);
    }
    this.#connectLate({ ...value, delay: value.delay + 1 }, sum);
  }

  /** Adds constants to what leaves `sum`. */
  #offset(sum: string, offset: Tensor): void {
    const name = this.#fresh(`${sum}_bias`);
    const factor = { shape: offset.shape, data: new Float32Array(offset.data.length).fill(1) };
    const node = { kind: 'scale', name, factor, offset } as const;
    shapeAfter(node, [this.#values.get(sum)!.shape], this.context.what);
    this.#edges.forEach(([from, to, delay], index) => {
      if (from === sum) this.#edges[index] = delay === undefined ? [name, to] : [name, to, delay];
    });
    this.#nodes.set(name, node);
    this.#edges.push([sum, name]);
  }

  /** A name that neither the file nor a node made so far has. */
  #fresh(wanted: string): string {
    const isTaken = (name: string): boolean => this.flat.records.has(name) || this.#nodes.has(name);
    let name = wanted;
    for (let number = 2; isTaken(name); number += 1) name = `${wanted}_${number}`;
    return name;
  }
}

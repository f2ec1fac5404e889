import { shapesOf } from '../../graph-structure.js';
import type { Edge, Graph, GraphNode } from '../../../graph.js';

/** A graph being rewritten, which remembers where each original node's value can be found. */
export class MutableGraph {
  readonly nodes: Map<string, GraphNode>;
  readonly outputs: string[];
  readonly #sources = new Map<string, string[]>();
  readonly #users = new Map<string, Set<string>>();
  readonly #shapes: Map<string, readonly number[]>;
  readonly #places: Map<string, string>;

  constructor(graph: Graph, what: string) {
    this.nodes = new Map(graph.nodes.map((node) => [node.name, node]));
    this.outputs = [...graph.outputs];
    this.#shapes = shapesOf(graph, what);
    this.#places = new Map(graph.nodes.map(({ name }) => [name, name]));
    for (const { name } of graph.nodes) {
      this.#sources.set(name, []);
      this.#users.set(name, new Set());
    }
    for (const [from, to] of graph.edges) {
      this.#sources.get(to)!.push(from);
      this.#users.get(from)!.add(to);
    }
  }

  /** Its shape, which no rewriting of the nodes before it changes. */
  shapeOf(name: string): readonly number[] {
    return this.#shapes.get(name)!;
  }

  /** What the only edge into a node comes from. */
  sourceOf(name: string): GraphNode | undefined {
    const [source, other] = this.#sources.get(name)!;
    return source === undefined || other !== undefined ? undefined : this.nodes.get(source);
  }

  /** Whether nothing but one node reads it. */
  hasOneUser(name: string): boolean {
    return this.#users.get(name)!.size === 1 && !this.outputs.includes(name);
  }

  /** Puts a node of the same name and shape in its place. */
  put(node: GraphNode): void {
    this.nodes.set(node.name, node);
  }

  /** Lets a node read from another one. */
  attach(name: string, source: string): void {
    for (const old of this.#sources.get(name)!) this.#users.get(old)!.delete(name);
    this.#sources.set(name, [source]);
    this.#users.get(source)!.add(name);
  }

  /** Lets all that read a node read its source; false where that would make two edges or outputs of one. */
  bypass(name: string): boolean {
    const [source] = this.#sources.get(name) as [string];
    const users = [...this.#users.get(name)!];
    const others = this.#users.get(source)!;
    const isOutput = this.outputs.includes(name);
    const sourceIsEnd = this.outputs.includes(source) || this.nodes.get(source)!.kind === 'input';
    if (users.some((user) => others.has(user)) || (isOutput && sourceIsEnd)) return false;
    for (const user of users) {
      const own = this.#sources.get(user)!;
      own[own.indexOf(name)] = source;
      others.add(user);
    }
    this.outputs.forEach((output, index) => {
      if (output === name) this.outputs[index] = source;
    });
    others.delete(name);
    this.#remove(name);
    this.#move(name, source);
    return true;
  }

  /** The values that a node had so far are nowhere any more. */
  forget(name: string): void {
    for (const [original, place] of this.#places) {
      if (place === name) this.#places.delete(original);
    }
  }

  /** Drops the nodes that no output needs. */
  prune(): void {
    const needed = new Set<string>();
    const open = [...this.outputs];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (needed.has(name)) continue;
      needed.add(name);
      open.push(...this.#sources.get(name)!);
    }
    for (const [name, { kind }] of this.nodes) {
      if (needed.has(name) || kind === 'input') continue;
      for (const source of this.#sources.get(name) ?? []) this.#users.get(source)?.delete(name);
      this.forget(name);
      this.#remove(name);
    }
  }

  /** The original nodes whose values are still there, with the nodes that have them. */
  get places(): ReadonlyMap<string, string> {
    return this.#places;
  }

  build(): Graph {
    const edges = [...this.nodes.keys()].flatMap((to) =>
      this.#sources.get(to)!.map((from): Edge => [from, to]),
    );
    return { nodes: [...this.nodes.values()], edges, outputs: this.outputs };
  }

  #remove(name: string): void {
    this.nodes.delete(name);
    this.#sources.delete(name);
    this.#users.delete(name);
  }

  #move(from: string, to: string): void {
    for (const [original, place] of this.#places) {
      if (place === from) this.#places.set(original, to);
    }
  }
}

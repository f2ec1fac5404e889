import type { NodeKind } from '../../graph.js';
import type { LabelledNode } from './order.js';

/** A name that can stand in messages and files as it is. */
export function isPortableName(name: string): boolean {
  return name !== '' && name.length <= 256 && !/\p{Cc}/u.test(name);
}

/** Gives every graph node its ONNX name where that is usable and unique, else its kind and a number. */
export class NodeNames {
  readonly #reserved = new Set<string>();
  readonly #taken = new Set<string>();
  /** Of each kind, the number up to which all are used. */
  readonly #numbers = new Map<string, number>();

  constructor(nodes: readonly LabelledNode[]) {
    const repeated = new Set<string>();
    for (const { node } of nodes) {
      if (this.#reserved.has(node.name)) repeated.add(node.name);
      if (isPortableName(node.name)) this.#reserved.add(node.name);
    }
    for (const name of repeated) this.#reserved.delete(name);
  }

  forInput(onnxName: string): string {
    const free = isPortableName(onnxName) && !this.#reserved.has(onnxName);
    return free ? this.#take(onnxName) : this.#numbered('input');
  }

  forNode(onnxName: string, kind: NodeKind): string {
    const own = this.#reserved.has(onnxName) && !this.#taken.has(onnxName);
    return own ? this.#take(onnxName) : this.#numbered(kind);
  }

  #numbered(kind: NodeKind): string {
    let index = this.#numbers.get(kind) ?? 0;
    while (this.#isUsed(`${kind}${index}`)) index += 1;
    this.#numbers.set(kind, index);
    return this.#take(`${kind}${index}`);
  }

  #isUsed(name: string): boolean {
    return this.#reserved.has(name) || this.#taken.has(name);
  }

  #take(name: string): string {
    this.#taken.add(name);
    return name;
  }
}

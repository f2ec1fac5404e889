import { SpiqError, mismatch, show } from '../errors.js';

/** Reads a JSON object field by field; `done` refuses any field that nobody asked for. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  constructor(
    value: unknown,
    readonly what: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw mismatch('E_FORMAT', what, 'a JSON object', value);
    }
    this.#object = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  raw(name: string): unknown {
    this.#asked.add(name);
    return this.has(name) ? this.#object[name] : undefined;
  }

  string(name: string): string {
    const value = this.raw(name);
    if (typeof value !== 'string' || value === '') throw this.#bad(name, 'a string', value);
    return value;
  }

  number(name: string): number {
    const value = this.raw(name);
    if (typeof value !== 'number') throw this.#bad(name, 'a number', value);
    return value;
  }

  count(name: string): number {
    const value = this.raw(name);
    if (!isCount(value)) throw this.#bad(name, 'a whole number of at least 0', value);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== 'boolean') throw this.#bad(name, 'true or false', value);
    return value;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.raw(name);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw this.#bad(name, choices.join(' | '), value);
    return choice;
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.#bad(name, 'a list', value);
    return value;
  }

  numbers(name: string): number[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'number') throw this.#bad(name, 'a list of numbers', value);
      return value;
    });
  }

  strings(name: string): string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw this.#bad(name, 'a list of strings', value);
      return value;
    });
  }

  counts(name: string): number[] {
    return this.list(name).map((value) => {
      if (!isCount(value)) throw this.#bad(name, 'whole numbers of at least 0', value);
      return value;
    });
  }

  shape(name: string): number[] {
    return this.list(name).map((value) => {
      if (!isCount(value) || value < 1) throw this.#bad(name, 'whole numbers of at least 1', value);
      return value;
    });
  }

  done(): void {
    const unknown = Object.keys(this.#object).filter((name) => !this.#asked.has(name));
    if (unknown.length === 0) return;
    const expected = `only the fields ${[...this.#asked].join(', ')}`;
    throw new SpiqError(
      'E_FORMAT',
      `${this.what}: expected ${expected}, received also ${show(unknown)}`,
    );
  }

  #bad(name: string, expected: string, value: unknown): SpiqError {
    return mismatch('E_FORMAT', `${this.what}: field '${name}'`, expected, value);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

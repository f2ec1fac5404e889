import { mismatch } from '../errors.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Values left undefined are not written. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Refuses what would come back from a JSON file as something else, or not at all. */
export function checkJson(value: unknown, what: string): void {
  if (value === undefined || value === null) return;
  if (typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw mismatch('E_NOT_FINITE', what, 'a finite number', value);
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(item, `${what}[${index}]`);
    });
    return;
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [name, item] of Object.entries(value)) checkJson(item, `${what}.${name}`);
    return;
  }
  throw mismatch('E_ARGUMENT', what, 'numbers, strings, lists and plain objects', value);
}

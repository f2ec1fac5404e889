import { show } from '../../errors.js';
import type { Hdf5Group, Hdf5Value } from './hdf5/index.js';

/** The path of the first difference between two trees; whole-number types and order of members do not count. */
export function firstDifference(
  expected: Hdf5Group,
  found: Hdf5Group,
  tolerance: number,
): string | undefined {
  const names = new Set([...expected.members.keys(), ...found.members.keys()]);
  for (const name of names) {
    if (name === 'metadata') continue;
    const [ours, theirs] = [expected.members.get(name), found.members.get(name)];
    const path = ours && theirs ? differenceOf(ours, theirs, tolerance) : '';
    if (path !== undefined) return `${show(name)}${path === '' ? '' : ` ${path}`}`;
  }
  return undefined;
}

/** '' for a difference in the value itself. */
function differenceOf(ours: Hdf5Value, theirs: Hdf5Value, tolerance: number): string | undefined {
  if (ours.kind === 'group' && theirs.kind === 'group') {
    return firstDifference(ours, theirs, tolerance);
  }
  if (ours.kind === 'text' && theirs.kind === 'text') {
    return JSON.stringify(ours.data) === JSON.stringify(theirs.data) ? undefined : '';
  }
  if (ours.kind !== 'numbers' || theirs.kind !== 'numbers') return '';
  const { data, shape } = theirs;
  const isSame =
    ours.shape.join() === shape.join() &&
    ours.data.length === data.length &&
    ours.data.every((value, index) => {
      return Math.abs(value - data[index]!) <= tolerance * Math.abs(value);
    });
  return isSame ? undefined : '';
}

import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { SpiqError, mismatch, show } from '../../errors.js';
import { fileError } from '../files.js';
import type { TensorProto } from './gen/onnx_pb.js';

/** Numbers of tensors that lie in files beside the model, as ONNX allows; never in any other place. */
export interface ExternalData {
  /** `bytes` is how many the tensor's shape calls for. */
  readonly read: (tensor: TensorProto, bytes: number, what: string) => Uint8Array;
}

/** For models that came as bytes, of which nobody knows the directory. */
export const noExternalData: ExternalData = {
  read(tensor, _bytes, what): never {
    throw new SpiqError(
      'E_UNSUPPORTED',
      `${what}: expected the numbers inside the model, received external data in ` +
        `${show(locationOf(tensor))}; import the model by its path, so that the file beside it is found, ` +
        'or save it as one file (in Python: onnx.save(onnx.load(path), path))',
    );
  },
};

/** For a model at `modelPath`; only what is needed is read, and no file stays open. */
export function externalDataBeside(modelPath: string): ExternalData {
  const directory = path.dirname(modelPath);
  return {
    read(tensor, bytes, what) {
      const location = locationOf(tensor);
      const file = resolveBeside(directory, location, what);
      const offset = wholeField(tensor, 'offset', 0, what);
      const length = wholeField(tensor, 'length', bytes, what);
      if (length !== bytes) {
        const expected = `${bytes} bytes of external data for its shape`;
        throw mismatch('E_FORMAT', what, expected, length);
      }
      return readRange(file, offset, length, what);
    },
  };
}

function locationOf(tensor: TensorProto): string {
  return tensor.externalData.find(({ key }) => key === 'location')?.value ?? '';
}

/** Refuses names that lead out of the model's directory, be it by a link. */
function resolveBeside(directory: string, location: string, what: string): string {
  const parts = location.split(/[\\/]/);
  const leaves = path.isAbsolute(location) || path.win32.isAbsolute(location);
  if (location === '' || location.includes('\0') || leaves || parts.includes('..')) {
    const expected = 'external data in a file beside the model';
    throw mismatch('E_FILE', what, expected, location);
  }
  const file = path.join(directory, location);
  try {
    const real = realpathSync(file);
    const inside = path.relative(realpathSync(directory), real);
    if (inside.split(path.sep)[0] !== '..' && !path.isAbsolute(inside)) return real;
  } catch (cause) {
    const { message } = fileError(file, 'read', cause);
    throw new SpiqError('E_FILE', `${what}: its numbers lie in external data: ${message}`, {
      cause,
    });
  }
  const expected = 'external data in a file beside the model';
  throw mismatch('E_FILE', what, expected, `${location}, a link that leads elsewhere`);
}

function wholeField(tensor: TensorProto, key: string, standard: number, what: string): number {
  const text = tensor.externalData.find((entry) => entry.key === key)?.value;
  if (text === undefined) return standard;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw mismatch('E_FORMAT', `${what}: external data: ${key}`, 'a whole number', text);
}

function readRange(file: string, offset: number, length: number, what: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (offset + length > size) {
      const expected = `external data of at least ${offset + length} bytes in '${file}'`;
      throw mismatch('E_FORMAT', what, expected, size);
    }
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw mismatch('E_FORMAT', what, `${length} bytes in '${file}'`, done);
      done += count;
    }
    return bytes;
  } catch (cause) {
    throw cause instanceof SpiqError ? cause : fileError(file, 'read', cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

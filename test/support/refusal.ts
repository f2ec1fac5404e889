import { SpiqError } from '../../ts/errors.js';

/** The error of spiq's own that the work ends with. */
export async function refusal(work: Promise<unknown>): Promise<SpiqError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SpiqError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

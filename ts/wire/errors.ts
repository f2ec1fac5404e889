import { SpiqError, isErrorCode, type ErrorCode } from '../errors.js';
import type { WireBody } from './message.js';

export interface WorkerErrorDetails {
  /** The call may be repeated as it is. */
  readonly retryable?: boolean;
  readonly pythonType?: string | undefined;
  readonly traceback?: string | undefined;
  /** The last of what the worker wrote to stdout and stderr. */
  readonly stderrTail?: string;
  /** `broken`: what the call worked on is in no known state. */
  readonly state?: 'ok' | 'broken';
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly cause?: unknown;
}

/** An error of a worker process or of the way to it. */
export class WorkerError extends SpiqError {
  readonly retryable: boolean;
  readonly pythonType: string | undefined;
  readonly traceback: string | undefined;
  readonly stderrTail: string;
  readonly state: 'ok' | 'broken';
  readonly exitCode: number | null;
  readonly signal: string | null;

  constructor(code: ErrorCode, message: string, details: WorkerErrorDetails = {}) {
    super(code, message, details.cause === undefined ? {} : { cause: details.cause });
    this.retryable = details.retryable ?? false;
    this.pythonType = details.pythonType;
    this.traceback = details.traceback;
    this.stderrTail = details.stderrTail ?? '';
    this.state = details.state ?? 'ok';
    this.exitCode = details.exitCode ?? null;
    this.signal = details.signal ?? null;
  }
}

/** What the worker answered with `error`, as the error that the caller gets. */
export function errorFromBody(body: WireBody, stderrTail: string): WorkerError {
  const code = isErrorCode(body.code) ? body.code : 'E_PROTOCOL';
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [pythonType, traceback] = [text('pythonType'), text('traceback')];
  return new WorkerError(code, text('message') ?? 'an error without a message', {
    retryable: body.retryable === true,
    pythonType,
    traceback,
    stderrTail,
    state: body.netState === 'broken' ? 'broken' : 'ok',
  });
}

const barWidth = 24;
const redrawEveryMilliseconds = 100;
const lineEveryMilliseconds = 2000;

/** A bar on a terminal, a plain line every two seconds elsewhere, nothing when quiet. Goes to stderr. */
export class Progress {
  #begin = performance.now();
  readonly #terminal = process.stderr.isTTY;
  #last = this.#begin;
  #drawn = false;
  #remark = '';
  #before = 0;

  constructor(
    private label: string,
    private readonly quiet: boolean,
  ) {}

  /** To be passed as `onProgress`. */
  readonly update = (done: number, total: number): void => {
    const now = performance.now();
    const due = this.#terminal ? redrawEveryMilliseconds : lineEveryMilliseconds;
    if (this.quiet || total === 0 || now - this.#last < due) return;
    this.#last = now;
    if (Number.isFinite(total)) this.#draw(done, total, now);
    else this.#count(done);
  };

  /** The next part of the work, timed by itself. */
  rename(label: string): void {
    if (label === this.label) return;
    this.label = label;
    this.#begin = performance.now();
    this.#before = 0;
  }

  /** So much had been done when the work was taken up again: its time is not known. */
  takeUp(done: number): void {
    this.#before = done;
    this.#begin = performance.now();
  }

  /** What is told beside the label from now on. */
  remark(text: string): void {
    this.#remark = text;
  }

  /** Clears the bar, so that what follows starts on an empty line. */
  end(): void {
    if (this.#drawn && this.#terminal) process.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }

  /** Where nobody knows how many there will be. */
  #count(done: number): void {
    const text = `${this.label}: ${done.toLocaleString('en-US')} so far`;
    this.#drawn = true;
    process.stderr.write(this.#terminal ? `\r\x1b[K${text}` : `${text}\n`);
  }

  #draw(done: number, total: number, now: number): void {
    const percent = `${Math.floor((done / total) * 100)} %`.padStart(5);
    const since = done - this.#before;
    const seconds = (((now - this.#begin) / 1000) * (total - done)) / since;
    const left = since > 0 ? `${Math.ceil(seconds)} s left` : '';
    const text = `${this.label}${this.#remark === '' ? '' : `, ${this.#remark}`}`;
    this.#drawn = true;
    if (!this.#terminal) {
      process.stderr.write(`${text}: ${percent.trim()}, ${left}\n`);
      return;
    }
    const filled = Math.round((done / total) * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    process.stderr.write(`\r\x1b[K${text} ${bar} ${percent} ${left}`);
  }
}

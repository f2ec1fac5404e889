import type { Chart } from './chart.js';

/** A page as plain data. Every string is text, never markup. */
export interface Report {
  readonly title: string;
  readonly subtitle?: string;
  readonly blocks: readonly Block[];
  /** A small line at the end of the page. */
  readonly footer?: string;
}

export type Block = Heading | Paragraph | Highlights | Facts | Table | Commands | Figure;

export interface Heading {
  readonly kind: 'heading';
  readonly text: string;
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
}

/** A few numbers worth seeing first. */
export interface Highlights {
  readonly kind: 'highlights';
  readonly items: readonly {
    readonly label: string;
    readonly value: string;
    readonly note?: string;
  }[];
}

/** Names and their values. */
export interface Facts {
  readonly kind: 'facts';
  readonly rows: readonly (readonly [name: string, value: string])[];
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly {
    readonly title: string;
    readonly numeric?: boolean;
    /** Sentences, which may take several lines. */
    readonly wide?: boolean;
  }[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly string[])[];
}

/** Commands to type, each under a line that says what it is for. */
export interface Commands {
  readonly kind: 'commands';
  readonly items: readonly { readonly purpose: string; readonly command: string }[];
}

export interface Figure {
  readonly kind: 'figure';
  readonly title: string;
  readonly caption: string;
  /** What the figure shows, in words, for those who cannot see it. */
  readonly description: string;
  readonly chart: Chart;
}

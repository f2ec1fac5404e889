import { seriesColours } from './palette.js';

const darkColours = `
  --paper: #15181d; --card: #1c2027; --ink: #e8ebf0; --soft: #a3acba; --rule: #30363f;
  --accent: #7cc0f2; ${seriesColours('dark')}`;

/** What a drawing takes its colours from, in the scheme that its viewer prefers. */
export const figureColours = `
:root {
  color-scheme: light dark;
  --paper: #f7f8fa; --card: #ffffff; --ink: #1c2430; --soft: #566070; --rule: #dfe3e9;
  --accent: #0b5f99; ${seriesColours('light')}
}
@media (prefers-color-scheme: dark) { :root {${darkColours}
} }`.trim();

export const styleSheet = `
${figureColours}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 54rem; padding: 3.5rem 1.5rem 4rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  overflow-wrap: break-word;
}
h1, h2, h3 { line-height: 1.25; text-wrap: balance; font-weight: 650; }
h1 { margin: 0 0 .6rem; font-size: 2.1rem; letter-spacing: -.018em; }
h2 { margin: 3.2rem 0 .8rem; font-size: 1.35rem; letter-spacing: -.01em; }
h3 { margin: 0 0 .6rem; font-size: 1.05rem; }
p { margin: 0 0 1rem; max-width: 42rem; }
.lead { color: var(--soft); font-size: 1.125rem; }
header { margin-bottom: 2rem; }
dl, dd, dt, ol, ul { margin: 0; padding: 0; }

.highlights { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; }
.highlights div {
  padding: 1rem 1.1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem;
}
.highlights dt { color: var(--soft); font-size: .84rem; line-height: 1.4; }
.highlights dd {
  font-size: 1.65rem; font-weight: 650; line-height: 1.3; letter-spacing: -.015em;
  font-variant-numeric: tabular-nums;
}
.highlights dd.note { margin-top: .15rem; line-height: 1.4; color: var(--soft); font-size: .84rem; font-weight: 400; letter-spacing: 0; }

.facts { margin: 0 0 1rem; border-top: 1px solid var(--rule); }
.facts div {
  display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: 0 1.5rem;
  padding: .5rem 0; border-bottom: 1px solid var(--rule);
}
.facts dt { color: var(--soft); }

.scroll { margin: 1.25rem 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .5rem; color: var(--soft); font-size: .9rem; text-align: left; }
th, td { padding: .5rem .9rem; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom-color: var(--soft); color: var(--soft); font-size: .84rem; font-weight: 600; vertical-align: bottom; white-space: normal; }
tbody th { min-width: 9rem; font-weight: 500; white-space: normal; }
.number { text-align: right; }
td.words { min-width: 14rem; white-space: normal; }

figure {
  margin: 1.5rem 0; padding: 1.35rem 1.4rem 1.1rem;
  background: var(--card); border: 1px solid var(--rule); border-radius: .6rem;
}
figure > svg { display: block; width: 100%; height: auto; }
figure > svg.narrow { display: none; }
figcaption { margin-top: .5rem; max-width: 44rem; color: var(--soft); font-size: .9rem; line-height: 1.5; }
figcaption b { color: var(--ink); font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.4rem; margin-bottom: .5rem; list-style: none; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.legend svg { height: 12px; flex: none; }
details { margin-top: .7rem; font-size: .9rem; }
details .scroll { max-height: 20rem; overflow-y: auto; margin: .6rem 0 0; }
details caption { display: none; }
summary { color: var(--accent); cursor: pointer; width: fit-content; }

.commands { list-style: none; }
.commands li { margin-bottom: 1.1rem; }
.commands p { margin-bottom: .35rem; }
pre {
  margin: 0; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--rule); border-radius: .5rem;
}
code { font: .88rem/1.55 ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .88rem; }

@media (max-width: 40rem) {
  body { padding: 2rem 1rem 3rem; }
  h1 { font-size: 1.65rem; }
  h2 { margin-top: 2.5rem; }
  .highlights { grid-template-columns: 1fr 1fr; }
  .highlights div { padding: .8rem .9rem; }
  .highlights dd { font-size: 1.3rem; }
  table { font-size: .92rem; }
  th, td { padding: .5rem; }
  tbody th { min-width: 7rem; }
  .facts div { grid-template-columns: 1fr; }
  .facts dt { font-size: .84rem; }
  figure { padding: 1rem .9rem .9rem; }
  figure > svg.wide { display: none; }
  figure > svg.narrow { display: block; }
}
@media print {
  body { max-width: none; padding: 0; }
  figure, .highlights div, tr, pre { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}`.trim();

import { escapeHtml, visibleText } from './escape.js';

export interface SvgNames {
  /** Unique in the page. */
  readonly id: string;
  /** The accessible name. */
  readonly label: string;
  readonly className: string;
}

/**
 * echarts' SVG as an element that scales with its column and is the same in every run: its ids count up over
 * the life of the process, and its classes and `ecmeta` attributes only serve echarts' browser half.
 */
export function cleanSvg(svg: string, { id, label, className }: SvgNames): string {
  const body = svg
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ ecmeta_\w+="[^"]*"/g, '')
    .replace(/ (?:pointer-events|xml:space)="[^"]*"/g, '')
    .replace(/ id="zr\d+-/g, ` id="${id}-`)
    .replace(/url\(#zr\d+-/g, `url(#${id}-`)
    .replace(/<defs >\s*<\/defs>/g, '');
  const viewBox = /viewBox="([^"]*)"/.exec(svg)?.[1] ?? '';
  const open = `<svg class="${className}" viewBox="${viewBox}" role="img" aria-label="${escapeHtml(label)}">`;
  // echarts escapes markup in its texts but lets control characters pass.
  return visibleText(body.replace(/^<svg[^>]*>/, open).trim());
}

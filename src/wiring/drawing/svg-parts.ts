/** Small pieces of SVG. Everything is dark on white: it is printed. */

export const FACE = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

export function escapeXml(said: string): string {
  return said.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
}

export interface TextStyle {
  readonly size?: number;
  readonly isBold?: boolean;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** `y` is the base line. */
export function svgText(said: string, x: number, y: number, style: TextStyle = {}): string {
  const { size = 12, isBold = false, colour = '#111', anchor = 'start' } = style;
  return (
    `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${isBold ? ' font-weight="bold"' : ''}` +
    `${anchor === 'start' ? '' : ` text-anchor="${anchor}"`} fill="${colour}">${escapeXml(said)}</text>`
  );
}

export function svgRect(x: number, y: number, width: number, height: number, rest: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ${rest}/>`;
}

export function svgLine(points: readonly { readonly x: number; readonly y: number }[], rest: string): string {
  return `<polyline points="${points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')}" fill="none" ${rest}/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

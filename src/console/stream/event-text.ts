/** One server-sent event; JSON is one line. `id`: the number that a client gives when it comes back. */
export function eventText(name: string, data: unknown, id: number | null = null): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

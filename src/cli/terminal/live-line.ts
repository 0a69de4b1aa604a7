/** The last line of a terminal while somebody waits: written over again and again, and gone before anything else is printed. */

const CLEAR = '\r\u001b[K';

let shownOn: NodeJS.WritableStream | null = null;

export function showLiveLine(text: string, terminal: NodeJS.WritableStream): void {
  terminal.write(`${CLEAR}${text}`);
  shownOn = terminal;
}

/** Makes room for a line of output; without a live line it does nothing. */
export function clearLiveLine(): void {
  shownOn?.write(CLEAR);
  shownOn = null;
}

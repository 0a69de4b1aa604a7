import { type UpdateCommand, updateCommandFrom } from './update-command.js';

/** What a person may ask of a running gateway. Whether it can be done, the gateway says. */
export type Command =
  | { readonly command: 'switch' }
  | { readonly command: 'rejoin'; readonly board: string }
  | { readonly command: 'resume' }
  /** Swap duty and read back, then, with `back`, the other way. */
  | { readonly command: 'relay-test'; readonly back: boolean }
  /** Have its lights blink. */
  | { readonly command: 'identify'; readonly board: string }
  | { readonly command: 'retry'; readonly seq: number }
  | { readonly command: 'drop'; readonly seq: number }
  | { readonly command: 'accept'; readonly seq: number }
  | UpdateCommand;

/** `underWay`: not known yet, and no longer waited for. Each with a sentence for the person who asked. */
export type CommandOutcome = { readonly done: string } | { readonly refused: string } | { readonly underWay: string };

const MAX_SEQ = 0xffffffff;

/** `{"do":"drop","seq":42}` as it came over the socket; the text is what was expected instead. */
export function commandFrom(request: Readonly<Record<string, unknown>>): Command | string {
  const { do: command, board, seq } = request;
  switch (command) {
    case 'switch':
    case 'resume':
      return { command };
    case 'relay-test':
      return typeof request['back'] === 'boolean'
        ? { command, back: request['back'] }
        : 'relay-test needs back: {"do":"relay-test","back":true}';
    case 'rejoin':
    case 'identify':
      return typeof board === 'string' && board !== ''
        ? { command, board }
        : `${command} needs a board: {"do":"${command}","board":"b"}`;
    case 'retry':
    case 'drop':
    case 'accept':
      return isSeq(seq) ? { command, seq } : `${command} needs the number of an input: {"do":"${command}","seq":42}`;
    case 'update-begin':
    case 'update-check':
    case 'update-accept':
    case 'update-abandon':
      return updateCommandFrom(request);
    default:
      return 'expected do to be one of switch, rejoin, resume, relay-test, identify, retry, drop, accept, update-begin, update-check, update-accept, update-abandon';
  }
}

/** The request that asks for it. */
export function requestFor({ command, ...rest }: Command): string {
  return JSON.stringify({ do: command, ...rest });
}

function isSeq(seq: unknown): seq is number {
  return typeof seq === 'number' && Number.isInteger(seq) && seq > 0 && seq <= MAX_SEQ;
}

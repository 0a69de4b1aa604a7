/** What a firmware update asks of a running gateway (R26). */
export type UpdateCommand =
  | {
      readonly command: 'update-begin';
      readonly board: string;
      /** The file to flash; absolute, and readable by the gateway. */
      readonly image: string;
      readonly facts: ImageFacts | null;
      /** A program and its arguments, in the gateway's folder: it reads the old state from its input and writes the new one. */
      readonly converter: string | null;
      /** Inputs that both programs are compared on before anybody may accept the new one. */
      readonly comparisons: number;
    }
  /** Could it begin, as far as files and programs of the gateway's host can tell? Nothing is done. */
  | {
      readonly command: 'update-check';
      readonly board: string;
      readonly image: string;
      readonly converter: string | null;
    }
  /** `fields`: in what the two programs differ, as the person who accepts it has seen it. */
  | { readonly command: 'update-accept'; readonly fields: readonly string[] }
  | { readonly command: 'update-abandon' };

/** What an image will say of itself in HELLO. */
export interface ImageFacts {
  readonly imageHash: number;
  readonly stateLayout: number;
  readonly stateBytes: number;
}

const MAX_COMPARISONS = 1_000_000;

/** As it came over the socket; the text is what was expected instead. */
export function updateCommandFrom(request: Readonly<Record<string, unknown>>): UpdateCommand | string {
  const { do: command, board, image, facts, converter, comparisons, fields } = request;
  switch (command) {
    case 'update-begin': {
      const isAllowed = (facts === null || isFacts(facts)) && (converter === null || isName(converter));
      const isWhole = isName(board) && isName(image) && isCount(comparisons) && isAllowed;
      return isWhole
        ? { command, board, image, comparisons, facts, converter }
        : 'update-begin needs board, image, facts (or null), converter (or null) and comparisons';
    }
    case 'update-check':
      return isName(board) && isName(image) && (converter === null || isName(converter))
        ? { command, board, image, converter }
        : 'update-check needs board, image and converter (or null)';
    case 'update-accept':
      return Array.isArray(fields) && fields.every((field) => typeof field === 'string')
        ? { command, fields }
        : 'update-accept needs the fields that differ: {"do":"update-accept","fields":["duty"]}';
    case 'update-abandon':
      return { command };
    default:
      return 'expected one of update-begin, update-check, update-accept, update-abandon';
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_COMPARISONS;
}

function isFacts(value: unknown): value is ImageFacts {
  if (typeof value !== 'object' || value === null) return false;
  const { imageHash, stateLayout, stateBytes } = value as Partial<Record<keyof ImageFacts, unknown>>;
  return [imageHash, stateLayout, stateBytes].every((one) => typeof one === 'number' && Number.isInteger(one));
}

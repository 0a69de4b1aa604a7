import { existsSync, readFileSync, statSync } from 'node:fs';
import { namesInImage } from '../../firmware-names/names-in-image.js';
import { programOfFile } from '../../firmware-names/program-of-file.js';
import type { NamedValues } from '../config.js';
import { resultField } from './supplied-images.js';

export type ImageNames = Pick<NamedValues, 'state' | 'result'>;

/** A larger file is no image of a board's; whoever runs it says so. */
const MOST_BYTES = 8_388_608;

/** The names that the sketch has put into its image (CC_STATE, cc_reply_state); null: the file has none, or is not there. */
export function namesOfImage(path: string): ImageNames | null {
  if (!existsSync(path)) return null;
  const { size } = statSync(path);
  if (size > MOST_BYTES || !statSync(path).isFile()) return null;
  return namesOfProgram(readFileSync(path));
}

/** The same of the file's content. */
export function namesOfProgram(file: Uint8Array): ImageNames | null {
  const found = namesInImage(programOfFile(file));
  if (found === null) return null;
  const { state, isAnswered } = found;
  return { state, result: isAnswered ? state.map((field) => resultField(field)) : [] };
}

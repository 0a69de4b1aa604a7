import { basename, resolve } from 'node:path';
import { factsOfKind } from '../../config/load/board-files.js';
import { loadConfig } from '../../config/load/load-config.js';
import { imagePath, suppliedImage } from '../../config/load/supplied-images.js';
import { kindOf } from '../image/load-subject.js';
import { meetImage } from '../image/meet-image.js';
import { readImage } from '../image/read-image.js';
import { type BenchKind, mcuOfKind } from '../stage/heater-image.js';
import type { ComparedImage, CompareOptions } from './compare-images.js';
import { firstNames } from './names.js';
import { readRecording } from './read-recording.js';

export interface ComparisonChoice {
  /** Intel HEX files. */
  readonly newFile: string;
  readonly oldFile: string;
  /** A ledger, a CSV file or what `copycat inputs list --json` printed. */
  readonly inputsFile: string;
  /** As its user calls it. */
  readonly inputsShown: string;
  /** A pair's configuration, for names and the kind of its boards; null: none. */
  readonly configFile: string | null;
  /** What the boards are; null: what the configuration says, or Unos. */
  readonly kind: BenchKind | null;
}

const DEADLINE_US = 50_000;

/**
 * Two programs and the inputs for them. Each program has run alone for a moment by then.
 * @throws CopycatError USAGE, CONFIG_MISSING, CONFIG_INVALID or LEDGER_UNAVAILABLE: what is wrong, by name
 */
export function loadComparison(choice: ComparisonChoice): Omit<CompareOptions, 'seed' | 'onPlayed'> {
  const config = choice.configFile === null ? null : loadConfig(choice.configFile);
  const kind = choice.kind ?? kindOf(config);
  const files = [choice.oldFile, choice.newFile].map((file) => imagePath(file, process.cwd(), factsOfKind(kind)));
  const images = [choice.oldFile, choice.newFile].map((shown, index) => imageOf(files[index] ?? shown, shown, kind));
  const [old, fresh] = shortly(images);
  if (old === undefined || fresh === undefined) throw new RangeError('two images');
  const ofConfig = config === null ? null : { ...config.fields, sources: config.sources, outputs: config.outputs };
  const ofImages = files.map((file) => {
    const supplied = suppliedImage(file);
    return supplied === null ? null : { ...supplied.fields, sources: supplied.sources, outputs: supplied.outputs };
  });
  const recording = readRecording(resolve(choice.inputsFile), choice.inputsShown, firstNames(ofConfig, ...ofImages));
  const first = recording.inputs.find((input) => input !== null)?.payload ?? new Uint8Array(0);
  const deadlineUs = config?.deadlineUs ?? DEADLINE_US;
  for (const { name: file, hex } of images)
    meetImage({ file, hex, kind, baudRate: config?.boards[0]?.line.baudRate }, first, deadlineUs);
  const names = firstNames(ofConfig, recording.fields, ...ofImages);
  return { old, new: fresh, mcu: mcuOfKind(kind).name, recording, names };
}

function imageOf(file: string, shown: string, kind: BenchKind): ComparedImage {
  return { name: shown, hex: readImage(file, kind, shown) };
}

/** Without their folders, where that tells them apart. */
function shortly(images: readonly ComparedImage[]): readonly ComparedImage[] {
  const short = images.map(({ name, hex }) => ({ name: basename(name), hex }));
  return new Set(short.map(({ name }) => name)).size === images.length ? short : images;
}

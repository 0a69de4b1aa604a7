import type { SourceMap } from '../../pair/result/fields.js';
import type { NamedOutput } from '../../values/named-field.js';
import type { Config, NamedValues } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import { type ImageNames, namesOfImage } from './names-of-image.js';
import { suppliedImage } from './supplied-images.js';

const NO_NAMES: ImageNames = { state: [], result: [] };

type Copies = Pick<Config, 'boards' | 'thirdCopy'>;

/** The names of values and readings. Where the file names none, those of the image that all copies run, if it came along. */
export function namedValuesOf(
  file: ConfigFile,
  copies: Copies,
): { readonly fields: NamedValues; readonly sources: readonly SourceMap[]; readonly outputs: readonly NamedOutput[] } {
  const image = imageOf(copies);
  const supplied = image === null ? null : suppliedImage(image);
  const namesNone = file.fields.input.length === 0 && file.fields.result.length === 0;
  const inImage: ImageNames = supplied?.fields ?? (image === null ? null : namesOfImage(image)) ?? NO_NAMES;
  const isResultOfImage = namesNone || (supplied === null && file.fields.result.length === 0);
  return {
    fields: {
      input: (namesNone ? supplied?.fields.input : undefined) ?? file.fields.input,
      state: file.fields.state.length > 0 ? file.fields.state : inImage.state,
      result: isResultOfImage
        ? inImage.result
        : file.fields.result.map(({ 'max-change-per-s': maxChangePerS, min, max, ...field }) => ({
            ...field,
            min: min ?? null,
            max: max ?? null,
            maxChangePerS: maxChangePerS ?? null,
          })),
    },
    sources:
      file.sources?.map((source) => ({ ...source, tolerance: source.tolerance ?? null })) ?? supplied?.sources ?? [],
    outputs: outputsOf(file, supplied?.outputs ?? []),
  };
}

function outputsOf({ outputs }: ConfigFile, supplied: readonly NamedOutput[]): readonly NamedOutput[] {
  if (outputs === 'none') return [];
  return outputs?.map((output) => ({ ...output, pin: output.pin ?? '' })) ?? supplied;
}

/** Nobody says what a board runs that somebody has flashed; but a third copy runs the same. */
function imageOf({ boards: [first, second], thirdCopy }: Copies): string | null {
  const a = first.firmware ?? thirdCopy?.image ?? null;
  const b = second.firmware ?? thirdCopy?.image ?? null;
  return a === b && (thirdCopy === null || thirdCopy.image === a) ? a : null;
}

import { rolldown } from 'rolldown';

/** A TypeScript program as one file, for a Node that reads only JavaScript; its native parts are the guest's. */
export async function bundleForGuest(input: string): Promise<string> {
  const bundle = await rolldown({ input, external: ['koffi'], platform: 'node' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output[0].code;
}

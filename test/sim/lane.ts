/** `npm run prove` proves everything again; `npm test` as much of it as a change can wait for (docs/testing.md). */
export const IS_WHOLE_PROOF = process.env['COPYCAT_PROVE'] === 'whole';

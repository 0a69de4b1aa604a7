// The groups of `npm test` in their order (docs/testing.md). What is named in one stage runs side by side.

/**
 * name: as the table has it; projects: of vitest.config.ts; niceness: of its processes. Emulated boards, of which a few
 * keep to the wall clock, and the emulated Pis, have the machine to themselves. The simulation asks for nothing but processors and does not
 * mind when it gets them: it leaves them to the tests with real gateways, which wait most of their time.
 */
export const STAGES = [
  [{ name: 'unit and conformance', projects: ['unit', 'conformance'] }],
  [
    { name: 'host', projects: ['host'] },
    { name: 'simulation', projects: ['sim'], niceness: 5 },
  ],
  [{ name: 'bench', projects: ['bench'] }],
  [{ name: 'emulated Pi', projects: ['pi'] }],
];

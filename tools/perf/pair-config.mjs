import { join } from 'node:path';

/** Of boards with firmware of their own: what is said of each, of the protocol, and of who asks. */
const OWN_FIRMWARE = {
  modbus: {
    board: ({ line }) => `kind: serial, line: ${line}-8N1, address: 5`,
    protocol: '{ profile: modbus-rtu, watch: { holding: 0-9 } }',
    input: (port) => `{ listen: 'pty:${port}', framing: modbus-rtu, units: { 5: pair } }`,
  },
  lines: {
    board: ({ line }) => `kind: serial, line: ${line}-8N1`,
    protocol: "{ profile: lines-query, probe: '?' }",
    input: (port) => `{ listen: 'pty:${port}', framing: lines }`,
  },
};
/** A pseudo-terminal takes any; this one stands for a wire without a length. */
const NO_WIRE = 2_000_000;

/**
 * The pair's configuration.
 * @param kind `process` or `power`: boards of the firmware harness, the ledger's durability; `modbus` or `lines`: boards with firmware of their own
 */
export function pairConfig(kind, { paths: [a, b], folder, baud }) {
  const own = OWN_FIRMWARE[kind];
  const board = own === undefined ? 'kind: posix' : own.board({ line: Number(baud) || NO_WIRE });
  return `boards:
  a: { ${board}, port: ${a} }
  b: { ${board}, port: ${b} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
${own === undefined ? harness() : `protocol: ${own.protocol}\ninput: ${own.input(join(folder, 'port'))}`}
ledger: { path: ${join(folder, 'ledger.sqlite')}, durability: ${kind === 'power' ? kind : 'process'} }
`;
}

function harness() {
  return `input: tcp://127.0.0.1:0\ndeadline: ${process.env.PERF_DEADLINE ?? '1s'}`;
}

// What a third copy costs on this machine: inputs a second, one at a time from INPUT to DONE, through its thread.
//   node tools/measure-third-copy.mjs [IMAGE.hex [INPUTS]]     the image must take what the heater takes: 4 bytes
import { readFileSync } from 'node:fs';
import { openThirdCopyOf } from '#built/gateway/ports/third-copy-port.js';
import { decodeFrame, encodeFrame } from '#built/protocol/frame-codec.js';
import { resultHash } from '#built/protocol/result-hash.js';
import { ROOT } from './run-program.mjs';

const WARM_UP = 500;
const SESSION = 1;

const image = process.argv[2] ?? `${ROOT}firmware-harness/images/heater.atmega328p.hex`;
const inputs = Number(process.argv[3] ?? 3000);
readFileSync(image); // a path that is wrong is told as what it is

const clock = { nowUs: () => performance.now() * 1000 };
const third = await openThirdCopyOf({ board: 'third', image }, clock);
const heard = [];
let wake = () => undefined;
third.frames.subscribe((frame) => {
  const decoded = decodeFrame(frame);
  if (decoded.ok) heard.push(decoded.message);
  wake();
});

const hello = await ask({ kind: 'helloRequest', session: 0, seq: 0 }, 'hello');
const { boot, session: wasSession } = hello;
await ask(
  { kind: 'open', session: 0, seq: 0, newSession: SESSION, wasSession, boot, resume: false, nextSeq: 1 },
  'hello',
);
for (let seq = 1; seq <= WARM_UP; seq++) await exchange(seq);

const began = { ms: performance.now(), boardUs: third.counters.boardUs, cpu: process.cpuUsage() };
for (let seq = WARM_UP + 1; seq <= WARM_UP + inputs; seq++) await exchange(seq);
const wallMs = performance.now() - began.ms;
const cpu = process.cpuUsage(began.cpu);
const cpuMs = (cpu.user + cpu.system) / 1000;
const boardMs = (third.counters.boardUs - began.boardUs) / 1000;
third.close();

console.log(`${inputs} inputs, one at a time from INPUT to DONE`);
console.log(`board time per input      ${(boardMs / inputs).toFixed(2)} ms`);
console.log(
  `processor time per input  ${(cpuMs / inputs).toFixed(2)} ms, both sides of the thread and this tool included`,
);
console.log(
  `inputs a second           ${Math.round((inputs / wallMs) * 1000)} as it was, ${Math.round((inputs / cpuMs) * 1000)} with a core of its own`,
);
console.log(
  `emulated seconds a second ${(boardMs / wallMs).toFixed(1)} as it was, ${(boardMs / cpuMs).toFixed(1)} with a core of its own`,
);

async function exchange(seq) {
  const payload = Uint8Array.of(192, 3, seq & 255, 3);
  const flags = { probe: false, recall: false, observedGiven: true, observed: [] };
  const input = { kind: 'input', session: SESSION, seq, pairTimeMs: seq * 10, position: 0, payload, ...flags };
  const result = await ask(input, 'result');
  await ask({ kind: 'commit', session: SESSION, seq, resultHash: resultHash([result], result.digest) }, 'done');
}

async function ask(message, kind) {
  heard.length = 0;
  third.write(encodeFrame(message));
  for (;;) {
    const answer = heard.find((one) => one.kind === kind);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

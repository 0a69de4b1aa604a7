// A gateway's ledger in a process of its own, killed by the test at any moment. One line on standard output for each
// answer, written before the next request; `finish SEQ` before an input is given up.
import { writeSync } from 'node:fs';
import { WallClock } from '#built/clock/clock.js';
import { openLedger } from '#built/ledger/files/open-ledger.js';

function say(value) {
  for (let rest = Buffer.from(`${JSON.stringify(value)}\n`); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // A pipe whose reader is busy: what has not been said does not count as said.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

const ledger = await openLedger(JSON.parse(process.argv[2]), new WallClock());
const rows = await ledger.restore();
say({ type: 'restored', reservedThroughSeq: rows.reservedThroughSeq, fresh: rows.fresh });

let next = rows.reservedThroughSeq + 1;
let reserved = rows.reservedThroughSeq;
const bytes = (seq) => Uint8Array.of(seq & 255, seq >> 8);

function accept() {
  if (next > reserved) {
    ledger.submit({ type: 'reserveSeqs', throughSeq: reserved + 20 });
    return;
  }
  const seq = next++;
  ledger.submit({ type: 'recordInput', seq, ref: `tcp:${seq}`, kind: 'input', pairTimeMs: seq, payload: bytes(seq) });
}

ledger.answers.subscribe((answer) => {
  say(answer);
  switch (answer.type) {
    case 'seqsReserved':
      reserved = answer.throughSeq;
      accept();
      break;
    case 'inputRecorded': {
      const { seq } = answer;
      const parts = [{ rejected: false, body: bytes(seq) }];
      const commit = { board: 'a', session: 1, epoch: 1, seq, hash: seq * 7, executionCount: seq, digest: 1, parts };
      ledger.submit({ type: 'requestCommit', ...commit, observed: [seq] });
      accept();
      break;
    }
    case 'commitAnswered':
      ledger.submit({ type: 'recordDone', board: 'a', seq: answer.seq });
      break;
    case 'doneRecorded':
      if (answer.seq % 3 !== 0) break;
      say({ type: 'finish', seq: answer.seq });
      ledger.submit({ type: 'finishInput', seq: answer.seq });
      ledger.submit({ type: 'recordEmitted', seq: answer.seq });
      break;
  }
});
accept();

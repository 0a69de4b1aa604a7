// comparator.mjs KIND TTY_A TTY_B FOLDER: what people would put in the gateway's place. Each forwards: an input to the primary (A), its
// answer to the client, the same frame then to the backup (B), whose answer is compared. Boards are built with PERF_ECHO.
//   bare         serialport and its DelimiterParser, no log
//   direct       serialport with a direct read and write, no log
//   parts-list   serialport, DelimiterParser, RxJS streams, better-sqlite3 on the main thread: input, answer, comparison recorded
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { concatMap, filter, map, Subject, tap } from 'rxjs';
import { inputFrame, openBoard } from './comparator-boards.mjs';
import { listen } from './comparator-client.mjs';
import { openDirect, openWithParser } from './comparator-serial.mjs';

const [kind, pathA, pathB, folder] = process.argv.slice(2);
const inputs = new Map();
let highestSeq = 0;
let differences = 0;
process.on('SIGTERM', () => {
  if (differences > 0) console.error(`${differences} differences`);
  process.exit(differences === 0 ? 0 : 1);
});

async function connect(path, open, heard) {
  let take = () => undefined;
  const write = await open(path, (bytes) => take(bytes));
  const board = openBoard(write, heard);
  take = board.take;
  await board.opened;
  return write;
}

async function forward(open) {
  const compare = ({ kind: message, seq, body }) => {
    if (message !== 'result') return;
    if (Buffer.compare(inputs.get(seq).body, body) !== 0) differences++;
    inputs.delete(seq);
  };
  const writeB = await connect(pathB, open, compare);
  const writeA = await connect(pathA, open, ({ kind: message, seq, body }) => {
    if (message !== 'result') return;
    const input = inputs.get(seq);
    input.body = body;
    input.answer(body);
    writeB(input.frame);
  });
  listen((_id, payload, answer) => {
    const seq = ++highestSeq;
    const frame = inputFrame(seq, payload);
    inputs.set(seq, { frame, answer, body: null });
    writeA(frame);
  });
}

async function forwardByStreams() {
  const database = new Sqlite(join(folder, 'log.sqlite'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = OFF');
  database.exec('CREATE TABLE input (seq INTEGER PRIMARY KEY, id TEXT, payload BLOB, answer BLOB, agreed INTEGER)');
  const record = database.prepare('INSERT INTO input (seq, id, payload) VALUES (?, ?, ?)');
  const recordAnswer = database.prepare('UPDATE input SET answer = ? WHERE seq = ?');
  const recordAgreed = database.prepare('UPDATE input SET agreed = ? WHERE seq = ?');
  const asked = new Subject();
  const fromA = new Subject();
  const fromB = new Subject();
  const writeA = await connect(pathA, openWithParser, (message) => fromA.next(message));
  const writeB = await connect(pathB, openWithParser, (message) => fromB.next(message));
  asked
    .pipe(
      map(({ id, payload, answer }) => ({ seq: ++highestSeq, id, payload, answer })),
      tap(({ seq, id, payload }) => record.run(seq, String(id), payload)),
      map(({ seq, payload, answer }) => ({ seq, answer, frame: inputFrame(seq, payload), body: null })),
      tap((input) => inputs.set(input.seq, input)),
    )
    .subscribe(({ frame }) => writeA(frame));
  fromA
    .pipe(
      filter(({ kind: message }) => message === 'result'),
      concatMap(({ seq, body }) => [{ ...inputs.get(seq), body }]),
      tap(({ seq, body }) => recordAnswer.run(body, seq)),
      tap((input) => inputs.set(input.seq, input)),
    )
    .subscribe(({ answer, body, frame }) => {
      answer(body);
      writeB(frame);
    });
  fromB
    .pipe(
      filter(({ kind: message }) => message === 'result'),
      map(({ seq, body }) => ({ seq, agreed: Buffer.compare(inputs.get(seq).body, body) === 0 })),
      tap(({ seq, agreed }) => recordAgreed.run(agreed ? 1 : 0, seq)),
    )
    .subscribe(({ seq, agreed }) => {
      if (!agreed) differences++;
      inputs.delete(seq);
    });
  listen((id, payload, answer) => asked.next({ id, payload, answer }));
}

if (kind === 'bare') await forward(openWithParser);
else if (kind === 'direct') await forward(openDirect);
else if (kind === 'parts-list') await forwardByStreams();
else throw new Error(`no comparator is called ${kind}`);

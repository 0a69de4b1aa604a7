// comparator-pair.mjs TTY_A TTY_B FOLDER: a pair that does what Copycat does, written straightforwardly from the parts list:
// record, INPUT, RESULT, record the commit, COMMIT, DONE, answer, and then the copy: INPUT, RESULT, compare, record, COMMIT,
// DONE. No sessions that end, no takeover, no relay. Its boards are the ordinary build with a window of 8.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { filter, Subject } from 'rxjs';
import { resultHash } from '#built/protocol/result-hash.js';
import { commitFrame, inputFrame, openBoard } from './comparator-boards.mjs';
import { listen } from './comparator-client.mjs';
import { openWithParser } from './comparator-serial.mjs';

const WINDOW = 8;
const [pathA, pathB, folder] = process.argv.slice(2);
const database = new Sqlite(join(folder, 'log.sqlite'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = OFF');
database.exec(`CREATE TABLE input (seq INTEGER PRIMARY KEY, id TEXT, payload BLOB, result BLOB, hash INTEGER, done INTEGER,
  copy_hash INTEGER, agreed INTEGER, finished INTEGER)`);
const record = database.prepare('INSERT INTO input (seq, id, payload) VALUES (?, ?, ?)');
const recordCommit = database.prepare('UPDATE input SET result = ?, hash = ? WHERE seq = ? AND hash IS NULL');
const recordDone = database.prepare('UPDATE input SET done = 1 WHERE seq = ?');
const recordAgreed = database.prepare('UPDATE input SET copy_hash = ?, agreed = ? WHERE seq = ?');
const recordFinished = database.prepare('UPDATE input SET finished = 1 WHERE seq = ?');
const inputs = new Map();
const waiting = [];
let highestSeq = 0;
let differences = 0;
process.on('SIGTERM', () => process.exit(differences === 0 ? 0 : 1));

async function connect(path) {
  const messages = new Subject();
  let take = () => undefined;
  const write = await openWithParser(path, (bytes) => take(bytes));
  const board = openBoard(write, (message) => messages.next(message));
  take = board.take;
  await board.opened;
  return { messages, write };
}

const a = await connect(pathA);
const b = await connect(pathB);
const of = (board, kind) => board.messages.pipe(filter((message) => message.kind === kind));

of(a, 'result').subscribe((result) => {
  const input = inputs.get(result.seq);
  const hash = resultHash([result], result.digest);
  if (recordCommit.run(result.body, hash, result.seq).changes === 0) return;
  input.hash = hash;
  input.body = result.body;
  a.write(commitFrame(result.seq, hash));
});
of(a, 'done').subscribe(({ seq }) => {
  const input = inputs.get(seq);
  recordDone.run(seq);
  input.answer(input.body);
  b.write(input.frame);
});
of(b, 'result').subscribe((result) => {
  const hash = resultHash([result], result.digest);
  const agreed = hash === inputs.get(result.seq).hash;
  if (!agreed) differences++;
  recordAgreed.run(hash, agreed ? 1 : 0, result.seq);
  b.write(commitFrame(result.seq, hash));
});
of(b, 'done').subscribe(({ seq }) => {
  recordFinished.run(seq);
  inputs.delete(seq);
  giveNext();
});

/** A board keeps the results of so many inputs: the next one is given when the first of them is finished on both. */
function giveNext() {
  while (waiting.length > 0 && inputs.size < WINDOW) {
    const input = waiting.shift();
    inputs.set(input.seq, input);
    a.write(input.frame);
  }
}

listen((id, payload, answer) => {
  const seq = ++highestSeq;
  record.run(seq, String(id), payload);
  waiting.push({ seq, answer, frame: inputFrame(seq, payload), hash: null, body: null });
  giveNext();
});

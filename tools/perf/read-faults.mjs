// read-faults.mjs LEDGER: a client that reads the whole fault log, over and over. Prints "reading" when it has read it once.
import { openLedgerReader } from '#built/ledger/reader/reader.js';

const [path] = process.argv.slice(2);
for (let read = 1; ; read++) {
  const reader = openLedgerReader(path);
  for (const { faultId } of reader.listFaults()) reader.readFault(faultId);
  reader.close();
  if (read === 1) console.log('reading');
}

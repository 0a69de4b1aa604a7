// Opens a ledger as whoever runs it, and closes it again: says `open`, or the code and the message of what went wrong.
import { WallClock } from '#built/clock/clock.js';
import { openLedger } from '#built/ledger/files/open-ledger.js';

try {
  const ledger = await openLedger(JSON.parse(process.argv[2]), new WallClock());
  await ledger.close();
  console.log('open');
} catch (error) {
  console.log(error.code, error.message);
}

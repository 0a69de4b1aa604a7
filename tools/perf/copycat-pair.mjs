// copycat-pair.mjs TTY_A TTY_B FOLDER [power | modbus BAUD | lines BAUD]: the gateway as `copycat run` starts it, ledger on (durability
// `process`), every rule on, on two boards that are processes: of the firmware harness, or with firmware of their own. Its relay is one of
// memory that moves in 4 ms: this machine has none, and an input does not come near it.
import { join } from 'node:path';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import { startGateway } from '#built/gateway/gateway.js';
import { makeLog } from '#built/gateway/log/make-log.js';
import { BoardPorts } from '#built/gateway/ports/board-ports.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { takeOutput } from '#built/log/take-output.js';
import { MemoryGpio } from './memory-gpio.mjs';
import { pairConfig } from './pair-config.mjs';

const [pathA, pathB, folder, kind = 'process', baud = '0'] = process.argv.slice(2);
const clock = new WallClock();
await takeOutput(clock, () => '');
const { log } = makeLog(process.stderr, clock);
const ports = new BoardPorts({ clock, log });
const gpio = new MemoryGpio({ coil: 'GPIO17', feedback: 'GPIO27' });
const config = parseConfig(pairConfig(kind, { paths: [pathA, pathB], folder, baud }), 'copycat.yaml', folder);
const gateway = await startGateway(config, {
  ...{ clock, log },
  lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
  openSession: (board, dialect) => ports.open(board, dialect),
  portOf: (board) => ports.statusOf(board),
  flash: () => Promise.reject(new Error('nothing is flashed here')),
  openThirdCopy: () => Promise.reject(new Error('there is no third copy here')),
  end: () => process.exit(70),
});
process.on('SIGTERM', async () => {
  // A run in which the pair lost a board is not a measurement.
  const { protected: isProtected, inputs } = gateway.status();
  console.log(`carried out ${inputs.answered}`);
  await gateway.close();
  ports.close();
  process.exit(isProtected ? 0 : 1);
});
const untilProtected = async () => {
  const untilMs = Date.now() + 60_000;
  while (!gateway.status().protected) {
    if (Date.now() > untilMs) throw new Error(`never protected: ${JSON.stringify(gateway.status(), null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
// A slave is asked nothing before somebody upstream asks something.
if (kind !== 'modbus') await untilProtected();
const tcp = gateway.addresses.find((address) => address.startsWith('tcp://'));
console.log(`listening ${tcp === undefined ? join(folder, 'port') : new URL(tcp).port}`);
await untilProtected();
console.log('protected');

/**
 * A gateway on the bench, in a process of its own so that it can be killed: the same composition that `copycat run` uses,
 * on emulated time and with the bench's relay line.
 */
import { pino } from 'pino';
import { loadConfig } from '../../config/load-config.js';
import { type Gateway, startGateway } from '../../gateway/gateway.js';
import { openSerialPort } from '../../gateway/open-serial-port.js';
import { readToGatewayProcess, type FromGatewayProcess } from '../stage/gateway-messages.js';
import { BenchClock } from './bench-clock.js';
import { BenchIo } from './bench-io.js';

let gateway: Gateway | null = null;

function tell(message: FromGatewayProcess): void {
  process.send?.(message);
}

async function start(configFile: string): Promise<void> {
  // Created before the first message of the world can come, so that none is missed.
  const io = new BenchIo(process);
  const clock = await BenchClock.connect(process);
  const log = pino({ level: 'info', base: null }, pino.destination({ fd: 2, sync: true }));
  gateway = await startGateway(loadConfig(configFile), { clock, io, openSession: openSerialPort, log });
  tell({ started: gateway.addresses });
}

process.on('message', (raw) => {
  const message = readToGatewayProcess(raw);
  if (message === null) return;
  if ('start' in message) {
    start(message.start).catch((error: unknown) => {
      tell({ failed: error instanceof Error ? error.message : String(error) });
      process.exitCode = 1;
      process.disconnect();
    });
  } else if ('askStatus' in message) {
    if (gateway !== null) tell({ status: gateway.status() });
  } else {
    gateway
      ?.close()
      .catch((error: unknown) => tell({ failed: String(error) }))
      .finally(() => process.disconnect());
  }
});
// The bench is gone: nothing to serve any more.
process.on('disconnect', () => process.exit());

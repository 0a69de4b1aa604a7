// A master of the npm package modbus-serial with its default time-outs: tcp PORT | rtu PATH, then UNIT ROUNDS. Says what it got as JSON.
import ModbusRTU from 'modbus-serial';

const [way, where, unit, rounds] = process.argv.slice(2);
const client = new ModbusRTU();
if (way === 'tcp') await client.connectTCP('127.0.0.1', { port: Number(where) });
else await client.connectRTUBuffered(where, { baudRate: 19200, parity: 'even' });
client.setID(Number(unit));

await client.writeRegister(3, 17);
await client.writeRegisters(4, [18, 19]);
await client.writeCoil(1, true);
const got = {
  registers: (await client.readHoldingRegisters(3, 3)).data,
  coils: (await client.readCoils(0, 3)).data.slice(0, 3),
  missing: await client.readHoldingRegisters(9000, 1).catch((error) => error.message),
  reads: [],
};
for (let round = 0; round < Number(rounds); round++) {
  await client.writeRegister(0, round);
  got.reads.push((await client.readHoldingRegisters(0, 1)).data);
}
await new Promise((resolve) => client.close(resolve));
console.log(JSON.stringify(got));

// Two ways to a port through serialport: as its own documentation has it, and with a direct read and write under it.
import { readSync, writeSync } from 'node:fs';
import { DelimiterParser } from '@serialport/parser-delimiter';
import { SerialPort } from 'serialport';

async function openPort(path) {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  await new Promise((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}

/** serialport's stream and its parser. */
export async function openWithParser(path, heard) {
  const port = await openPort(path);
  port.pipe(new DelimiterParser({ delimiter: [0] })).on('data', heard);
  return (bytes) => port.write(bytes);
}

/** Its binding's poller and descriptor alone: a read when the descriptor can be read, a write where the frame is made. */
export async function openDirect(path, heard) {
  const { fd, poller } = (await openPort(path)).port;
  const chunk = Buffer.alloc(4096);
  let rest = Buffer.alloc(0);
  const read = (error) => {
    if (error) throw error;
    let bytes = chunk.subarray(0, readSync(fd, chunk));
    if (rest.length > 0) bytes = Buffer.concat([rest, bytes]);
    let from = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
      if (end > from) heard(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
    poller.once('readable', read);
  };
  poller.once('readable', read);
  return (bytes) => writeSync(fd, bytes);
}

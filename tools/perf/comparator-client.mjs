// The upstream side of every comparator: one JSON line an input over TCP, as the product takes it.
import { createServer } from 'node:net';

/** Listens on any port of the loopback and prints `listening PORT`. `take` gets id, payload and what answers it. */
export function listen(take) {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const { id, payload } = JSON.parse(line);
        take(id, Buffer.from(payload, 'hex'), (body) =>
          socket.write(`${JSON.stringify({ id, payload: Buffer.from(body).toString('hex') })}\n`),
        );
      }
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
}

// Who is measured: a program that connects an upstream port to two boards, and which boards it needs.
import { join } from 'node:path';

const script = (name, ...words) => [process.execPath, [join(import.meta.dirname, name), ...words]];

/** `command`: programs of build.mjs, terminals of both boards, a folder of its own → program and arguments. */
export const CONTENDERS = [
  { name: 'C, epoll', key: 'c', boards: 'echoBoard', command: ({ forwarder }, a, b) => [forwarder, ['0', a, b]] },
  {
    name: 'serialport, direct read and write',
    key: 'direct',
    boards: 'echoBoard',
    command: (_, a, b, folder) => script('comparator.mjs', 'direct', a, b, folder),
  },
  {
    name: 'bare forwarder: serialport + DelimiterParser',
    key: 'bare',
    boards: 'echoBoard',
    command: (_, a, b, folder) => script('comparator.mjs', 'bare', a, b, folder),
  },
  {
    name: 'parts list: + RxJS + better-sqlite3',
    key: 'partsList',
    boards: 'echoBoard',
    command: (_, a, b, folder) => script('comparator.mjs', 'parts-list', a, b, folder),
  },
  {
    name: 'parts-list pair',
    key: 'pair',
    boards: 'board',
    command: (_, a, b, folder) => script('comparator-pair.mjs', a, b, folder),
  },
  {
    name: 'Copycat',
    key: 'copycat',
    boards: 'board',
    command: (_, a, b, folder) => script('copycat-pair.mjs', a, b, folder),
  },
  {
    name: 'Copycat, durability power',
    key: 'copycatPower',
    boards: 'board',
    command: (_, a, b, folder) => script('copycat-pair.mjs', a, b, folder, 'power'),
  },
];

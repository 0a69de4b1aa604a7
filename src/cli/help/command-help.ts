import { wrap } from '../../faults/wrap-text.js';

interface CommandHelp {
  /** As it can be typed, without the name of the program. */
  readonly example: string;
  /** Beside 2, which is the same everywhere. */
  readonly exitCodes: string;
}

const DONE = '0 done, 1 refused, still under way, or no gateway runs';
const READ = '0 told, 1 the ledger cannot be read';

/** One example and the exit codes of every command. */
const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  bench: { example: 'bench primary-halts', exitCodes: '0 every promise held, 1 one did not' },
  build: { example: 'build pump --board nano', exitCodes: '0 built, 1 it does not compile, or no compiler is there' },
  try: { example: 'try halt a oven.yaml', exitCodes: '0 done, 1 it made no sense as things stand, or no pair runs' },
  init: { example: 'init -o oven.yaml', exitCodes: '0 written' },
  check: { example: 'check oven.yaml', exitCodes: '0 it can run' },
  wiring: { example: 'wiring oven.yaml -o oven.svg', exitCodes: '0 it can be built so' },
  budget: { example: 'budget oven.yaml', exitCodes: '0 the deadline is long enough' },
  commission: {
    example: 'commission oven.yaml --inputs 1000',
    exitCodes: '0 the pair is ready, 1 something is to mend',
  },
  schema: { example: 'schema > copycat.schema.json', exitCodes: '0 printed' },
  run: { example: 'run oven.yaml', exitCodes: '0 ended by Ctrl-C or SIGTERM, 1 it ended by itself' },
  status: { example: 'status oven.yaml --watch', exitCodes: '0 protected, 1 not protected, or no gateway runs' },
  watch: { example: 'watch oven.yaml', exitCodes: '0 it was protected when it ended, 1 it was not, or nobody knows' },
  log: { example: 'log oven.yaml --board a --follow', exitCodes: '0 told, 1 no gateway runs' },
  console: {
    example: 'console -c oven.yaml -c pump.yaml',
    exitCodes: '0 ended by Ctrl-C, 1 it cannot be served there',
  },
  token: { example: 'token add anna', exitCodes: '0 done, 1 the file is of no use' },
  'token add': { example: 'token add anna --read-only', exitCodes: '0 done, 1 the file is of no use' },
  'token remove': { example: 'token remove anna', exitCodes: '0 done, 1 the file is of no use' },
  switch: { example: 'switch oven.yaml', exitCodes: DONE },
  relay: { example: 'relay test oven.yaml', exitCodes: '0 proved, 1 not proved, or no gateway runs' },
  'relay test': { example: 'relay test oven.yaml', exitCodes: '0 proved, 1 not proved, or no gateway runs' },
  rejoin: { example: 'rejoin b oven.yaml', exitCodes: DONE },
  resume: { example: 'resume oven.yaml', exitCodes: DONE },
  flash: { example: 'flash both oven.yaml', exitCodes: '0 done, 1 not done' },
  notify: { example: 'notify test oven.yaml', exitCodes: '0 it was told, 1 it was not' },
  'notify test': { example: 'notify test oven.yaml', exitCodes: '0 it was told, 1 it was not' },
  faults: { example: 'faults show 3', exitCodes: READ },
  'faults list': { example: 'faults list oven.yaml --since 2h', exitCodes: READ },
  'faults show': { example: 'faults show 3 oven.yaml', exitCodes: READ },
  'faults close': { example: 'faults close 2 3 oven.yaml', exitCodes: '0 closed, 1 the ledger cannot be written' },
  'faults export': { example: 'faults export oven.yaml > faults.jsonl', exitCodes: READ },
  'faults stats': { example: 'faults stats oven.yaml', exitCodes: READ },
  inputs: { example: 'inputs show 42', exitCodes: `${READ}; retry, drop and accept: ${DONE}` },
  'inputs list': { example: 'inputs list oven.yaml --all', exitCodes: READ },
  'inputs show': { example: 'inputs show 42 oven.yaml', exitCodes: READ },
  'inputs retry': { example: 'inputs retry 42 oven.yaml', exitCodes: DONE },
  'inputs drop': { example: 'inputs drop 42 oven.yaml', exitCodes: DONE },
  'inputs accept': { example: 'inputs accept 42 oven.yaml', exitCodes: DONE },
  report: { example: 'report --from 7d --html week.html', exitCodes: READ },
  ledger: { example: 'ledger verify oven.yaml', exitCodes: '0 sound, 1 findings' },
  'ledger verify': { example: 'ledger verify oven.yaml', exitCodes: '0 sound, 1 findings' },
  backup: { example: 'backup /mnt/usb/oven.tar oven.yaml', exitCodes: '0 all is in it, 1 something is missing in it' },
  restore: { example: 'restore /mnt/usb/oven.tar', exitCodes: '0 put back, 1 not' },
  ports: { example: 'ports --json', exitCodes: '0 told' },
  identify: { example: 'identify usb-1.2', exitCodes: '0 it answered, 1 it did not' },
  doctor: { example: 'doctor oven.yaml', exitCodes: '0 nothing to mend, 1 something to mend' },
  service: { example: 'service install oven.yaml --dry-run', exitCodes: '0 done, 1 not done' },
  'service install': { example: 'service install oven.yaml --dry-run', exitCodes: '0 done, 1 not done' },
  'service uninstall': { example: 'service uninstall oven.yaml', exitCodes: '0 done, 1 not done' },
  'service print': { example: 'service print oven.yaml', exitCodes: '0 printed' },
  help: { example: 'help faults show', exitCodes: '0 printed' },
};

/** What stands below the options of a command's help. */
export function commandHelp(name: string, width: number): string {
  const found = COMMANDS[name];
  if (found === undefined) return '';
  const codes = wrap(`${found.exitCodes}, 2 wrong usage or configuration`, width - 12);
  return [
    '',
    `Example:    copycat ${found.example}`,
    ...codes.map((line, row) => `${row === 0 ? 'Exit code:  ' : ' '.repeat(12)}${line}`),
  ].join('\n');
}

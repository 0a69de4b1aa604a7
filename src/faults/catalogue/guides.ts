import type { FaultOutcome } from '../fault-view.js';

/** What a fault means for the pair, gravest first; `planned`: it is an event. */
export type FaultWeight = 'stops' | 'replaces' | 'stays-out' | 'restarts' | 'tells' | 'planned';

/** What can be said of a kind of fault before one has happened: docs/faults.md is written from it. */
export interface FaultGuide {
  readonly weight: FaultWeight;
  /** What the code says, in one sentence or two. */
  readonly means: string;
  /** What Copycat does by itself. */
  readonly does: string;
  /** The rules that it follows. */
  readonly rules: readonly string[];
  /** What usually comes of it: what a person is to do depends on that. */
  readonly ends: FaultOutcome;
}

const LEAVES =
  'A primary is declared failed and locked out in the ledger; the relay moves to the backup, which is given what was unfinished. A backup is set aside, and the primary goes on without a delay.';
const REPLACES = `${LEAVES} With no backup in sync a failed primary stops the pair.`;

/** Every code of the catalogue has one; `node tools/generate-faults.mjs` says which has not. */
export const FAULT_GUIDES: Readonly<Record<string, FaultGuide>> = {
  'pair-stopped': {
    weight: 'stops',
    means: 'Nothing safe was left to do without a person.',
    does: 'No input is accepted and no commit is granted. The boards hear nothing more; after their silence time they go to their safe levels, unless their firmware says hold. It stays like that, also over a restart of the gateway.',
    rules: ['R10', 'R13', 'R22'],
    ends: 'stopped',
  },
  'relay-stuck': {
    weight: 'stops',
    means: 'The relay was commanded and its feedback line does not show that it moved.',
    does: 'The command is repeated. In a takeover the pair is then stopped; a switchover goes back to the old primary; otherwise the primary goes on, and nobody joins until the contact is where it belongs.',
    rules: ['R13', 'R26'],
    ends: 'noted',
  },
  'input-quarantined': {
    weight: 'stops',
    means: 'Both boards, or one board twice, failed while at work on the same input.',
    does: 'The input is kept, refused to whoever asked for it, and given to nobody. The pair is stopped.',
    rules: ['R22'],
    ends: 'noted',
  },
  'input-in-doubt': {
    weight: 'tells',
    means:
      'A board that cannot tell a repeat had inputs in its hands when the gateway ended, or its link or its answer was lost with nobody to take over.',
    does: 'They are never given again by itself. Whoever waits for one is told IN_DOUBT; a backup that may differ by them joins anew.',
    rules: ['R27', 'R31'],
    ends: 'noted',
  },
  silent: {
    weight: 'replaces',
    means: 'A board did not answer within its deadline, although it was asked again at one and two thirds of it.',
    does: REPLACES,
    rules: ['R10', 'R14', 'R24'],
    ends: 'took-over',
  },
  unplugged: {
    weight: 'replaces',
    means: 'The serial link of a board is gone.',
    does: `${LEAVES} With no backup in sync the primary is waited for, and inputs with it.`,
    rules: ['R10', 'R15', 'R24'],
    ends: 'took-over',
  },
  restarted: {
    weight: 'replaces',
    means: 'A board began anew by itself: its state is lost.',
    does: REPLACES,
    rules: ['R10', 'R15', 'R24'],
    ends: 'took-over',
  },
  failed: {
    weight: 'replaces',
    means: 'A board found something wrong with itself, took its outputs to their safe levels and said FAILED.',
    does: `${REPLACES} Before it joins again it is told to restart.`,
    rules: ['R7', 'R10', 'R15', 'R29'],
    ends: 'took-over',
  },
  'unknown-result': {
    weight: 'replaces',
    means: 'A board gave a result for something that it had not been given.',
    does: REPLACES,
    rules: ['R10', 'R15', 'R24'],
    ends: 'took-over',
  },
  'done-without-commit': {
    weight: 'replaces',
    means: 'A board says that it has acted, and had no leave to.',
    does: REPLACES,
    rules: ['R7', 'R10', 'R15', 'R24'],
    ends: 'took-over',
  },
  'judged-wrong': {
    weight: 'replaces',
    means:
      'Two results differ, and the evidence says whose is wrong: what its registers read back, plausibility limits, the third copy or a self-test.',
    does: `${REPLACES} What was decided, and on what evidence, is recorded; the sound result is the one that counts.`,
    rules: ['R18', 'R19'],
    ends: 'took-over',
  },
  mismatch: {
    weight: 'replaces',
    means: 'Two results or states differ, and nothing tells which is wrong.',
    does: 'As on-mismatch says: alarm sets the backup aside (where results need both boards, the pair stops), switch takes the primary for the wrong one, stop stops the pair. Whoever leaves is kept out, because its state may be the good one.',
    rules: ['R18', 'R19'],
    ends: 'set-aside',
  },
  'backup-behind': {
    weight: 'replaces',
    means: 'The backup, or the third copy, is more inputs behind the primary than max-lag allows.',
    does: 'It is set aside, and the primary, which has never waited for it, goes on alone. It joins again by itself; where that comes again and again, after a rest.',
    rules: ['R5', 'R6'],
    ends: 'set-aside',
  },
  'board-flaps': {
    weight: 'stays-out',
    means: 'A board has left the pair so often that waiting does not help any more: its fault is permanent.',
    does: 'It is kept out, over restarts of the gateway too, until a person lets it in. The other board goes on alone.',
    rules: ['R19', 'R25'],
    ends: 'kept-out',
  },
  'self-test-failed': {
    weight: 'stays-out',
    means: 'A board tested itself, and its flash, its memory or its processor is not as it should be.',
    does: 'It is kept out until a person lets it in, however seldom it has failed. The other board goes on alone.',
    rules: ['R19', 'R29'],
    ends: 'kept-out',
  },
  'board-differs': {
    weight: 'stays-out',
    means:
      'A board that wants to join has another firmware, other settings, another layout of its state, or another number of outputs than the primary.',
    does: 'It is given nothing and kept out until a person lets it in. The other board goes on alone.',
    rules: ['R25'],
    ends: 'kept-out',
  },
  'boards-swapped': {
    weight: 'stays-out',
    means: 'The board that was known as the other one answers at this port.',
    does: 'It is given nothing. A primary that turns out to be the other board stops the pair; a backup stays out, and is tried again until the right one is there.',
    rules: ['R13', 'R15'],
    ends: 'noted',
  },
  'identity-twice': {
    weight: 'stays-out',
    means: 'Both boards gave one identity number.',
    does: 'The primary is believed; the other one is given nothing and stays out until it has a number of its own.',
    rules: ['R25'],
    ends: 'noted',
  },
  'joining-failed': {
    weight: 'stays-out',
    means: 'A board was on its way into the pair, and the attempt came to nothing.',
    does: 'The primary goes on, and the next attempt begins clean, each later than the one before. Where the board spoilt it, it counts as a fault of that board. When the ledger no longer has what a board without state transfer would have to replay, the board is kept out.',
    rules: ['R25'],
    ends: 'noted',
  },
  'own-mistake': {
    weight: 'restarts',
    means:
      'Copycat found itself where its own rules say that it cannot be: a mistake in its program, or a ledger that contradicts itself.',
    does: 'Nothing of that moment reaches a board, the relay or a client: the gateway ends at once, and what runs it (the service) starts it again, which takes the boards back from the ledger without resetting them. When it comes again within a minute of such a start, the pair is stopped instead; it goes on with `copycat resume`.',
    rules: ['R27', 'R30'],
    ends: 'noted',
  },
  'gateway-restarted': {
    weight: 'restarts',
    means:
      'The program of the gateway was started, and it had run before. A fault where it was killed or crashed; where somebody had ended it, by a signal or its service, an event.',
    does: 'It reads the ledger, takes the running boards back without resetting them, finishes what was unfinished, and marks answers that may have been given before. A takeover that had begun is rolled forward.',
    rules: ['R10', 'R23', 'R27'],
    ends: 'noted',
  },
  'host-restarted': {
    weight: 'restarts',
    means:
      'The host was booted since the ledger was last written, or the journal in memory is gone. An event where somebody had ended the gateway before.',
    does: 'What the ledger may have lost is read back from the boards that lived on. No seq is used twice.',
    rules: ['R27'],
    ends: 'noted',
  },
  'ledger-tail-lost': {
    weight: 'restarts',
    means:
      'The boards have executed, or acted on, what the ledger has nothing of: its last lines are gone, by damage to a file or because the gateway ended while it could not be written.',
    does: 'What the boards still keep is read back; of what they keep no longer, whoever waits for it is told RESULT_LOST. No seq is used twice; a backup that differs joins anew. A board that has executed more than its primary had taken over: it leads, and the other one joins anew.',
    rules: ['R1', 'R23', 'R27'],
    ends: 'noted',
  },
  'ledger-restored': {
    weight: 'restarts',
    means: 'The ledger was put back from a backup with `copycat restore`. An event: somebody wanted it.',
    does: 'Nothing that the ledger says of boards and relay is believed: no input is given before both boards were heard or are known not to answer, both begin anew, and the one that does not drive joins as any other. Numbers go on above those that the boards still know. Inputs that were in work when the backup was made are not done again.',
    rules: ['R1', 'R25', 'R27', 'R31'],
    ends: 'noted',
  },
  'pair-restarted': {
    weight: 'restarts',
    means: 'Neither board has the state that it had: the pair began anew.',
    does: 'What was committed is answered and not done again; the rest is worked on from the fresh start.',
    rules: ['R27'],
    ends: 'noted',
  },
  'not-recorded': {
    weight: 'tells',
    means:
      'A file of the ledger cannot be written: the disk, or the memory that the journal is in, is full, failing, read-only or gone.',
    does: 'The ledger goes on in memory, with the same constraints; nobody is declared failed, and takeovers go on. status says NOT RECORDED TO DISK. When the file can be written again, everything is brought to it. A gateway that ends before that loses what was in memory only.',
    rules: ['R17'],
    ends: 'noted',
  },
  'sensor-drift': {
    weight: 'tells',
    means: 'Both boards read the same thing for themselves, and their readings are further apart than the tolerance.',
    does: 'It is told once for each source. The pair goes on with the readings of the primary; nobody is set aside.',
    rules: ['R21'],
    ends: 'noted',
  },
  'link-degraded': {
    weight: 'tells',
    means:
      'A message had to be sent again, and then the answer came. Or a board that cannot tell a repeat did not answer a reading, with nobody to take over.',
    does: 'It is counted; no board is taken for failed. Where no answer came the board is asked whether it is there, and given the reading once more.',
    rules: ['R14', 'R31'],
    ends: 'noted',
  },
  'late-commit-refused': {
    weight: 'tells',
    means: 'A board that is locked out asked for leave to act.',
    does: 'The constraint in the ledger refuses it. Once its safe levels can no longer reach the actuator, the board is told to shut itself down.',
    rules: ['R8', 'R10'],
    ends: 'noted',
  },
  'update-failed': {
    weight: 'stays-out',
    means: 'A board was to get another firmware, and the update came to nothing.',
    does: 'The board stays out of the pair; the other one goes on alone with the firmware that it has.',
    rules: ['R25', 'R26'],
    ends: 'noted',
  },
  'switchover-failed': {
    weight: 'tells',
    means: 'A planned change of the primary came to nothing.',
    does: 'Everything stays as it was: it was given up before the fence, or the lease went back to the old primary, which had never stopped driving.',
    rules: ['R26'],
    ends: 'noted',
  },
  updating: {
    weight: 'planned',
    means: 'Somebody wants a board to run another firmware.',
    does: 'The board is taken out, flashed and tried beside the other one, which goes on alone with the old firmware; it comes into the pair when a person has accepted it.',
    rules: ['R25', 'R26'],
    ends: 'noted',
  },
  'switched-over': {
    weight: 'planned',
    means: 'The other board was to be the primary: somebody wanted it, or the relay was tested.',
    does: 'It drains, fences and moves the relay; nobody is locked out, and the old primary is the backup.',
    rules: ['R26'],
    ends: 'switched',
  },
};

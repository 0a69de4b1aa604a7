import type { ToBoardMessage } from '../../protocol/messages.generated.js';
import { type CopyName, THIRD } from '../boards/copy-name.js';
import type { Wrongness } from '../boards/history-application.js';
import { type BoardObserver, SimulatedBoard } from '../boards/simulated-board.js';
import { FRAME_US, SimulatedLink } from '../parts/simulated-link.js';
import { SeededChoices } from '../seeded-choices.js';
import { type BoardName, type PairObserver, SimulatedWorld, type WorldKit } from './world.js';
import type { WorldOptions } from './world-options.js';

/** Whoever watches a world of harness boards from outside. */
export interface WorldObserver extends PairObserver, BoardObserver {
  /** A board died while it executed the poison of this number. */
  perished(poison: number): void;
  /** This copy computes something wrong now. */
  erred(copy: CopyName, wrongness: Wrongness): void;
  /** A frame came out of the cable at this port; the board there takes it in its time. */
  delivered(port: BoardName, board: BoardName, message: ToBoardMessage): void;
}

const BOARD_STREAMS = { a: 3, b: 4, third: 9 } as const;
const LINK_STREAMS = { a: 5, b: 6, third: 10 } as const;
/** What a board reads and tells of itself. */
const READINGS = { a: 0, b: 1, third: 2 } as const;
const WARMTH = 40;
const EXECUTE_US = 1_500;
/** An emulated board has the host's processor, and no wire. */
const THIRD_EXECUTE_US = 600;
const THIRD_FRAME_US = 100;
/** A copy that stands still while nobody speaks to it never finds that nobody does (R11). */
const NEVER_US = 1e12;

/** A pair of boards with the firmware harness, and perhaps an emulated third copy. */
export function harnessWorld(options: WorldOptions, observer: WorldObserver): SimulatedWorld {
  const kit: WorldKit<SimulatedBoard, SimulatedLink> = {
    board: (world, name) => boardOf(world, name, observer),
    link: (world, name) => linkOf(world, name, observer),
  };
  return new SimulatedWorld(options, observer, kit);
}

function boardOf(world: SimulatedWorld, name: CopyName, observer: WorldObserver): SimulatedBoard {
  const { options, schedule } = world;
  const { windows, stateBytes, shuffled, silencePolicy, seed } = options;
  const isThird = name === THIRD;
  const reading = READINGS[name];
  const boardOptions = {
    ...{ id: name, stateBytes, shuffled, silencePolicy, reading, wrongStates: world.wrongStates },
    replays: !options.transfersState,
    window: isThird ? windows.a : windows[name],
    warmth: options.tolerates ? WARMTH + reading : null,
    silenceUs: isThird ? NEVER_US : options.silenceUs,
    executeUs: isThird ? THIRD_EXECUTE_US : EXECUTE_US,
    startUs: 20_000,
  };
  const watched: BoardObserver = {
    executed: (board, seq, count, answer) => observer.executed(board, seq, count, answer),
    acted: (board, seq) => observer.acted(board, seq),
    heard: (board, message) => observer.heard(board, message),
    levelChanged: (board) => {
      observer.levelChanged(board);
      if (world.contact.at === name) world.look();
    },
  };
  const board = new SimulatedBoard(
    boardOptions,
    schedule,
    new SeededChoices(seed, BOARD_STREAMS[name]),
    watched,
    (message) => world.linkFrom(name)?.sendFromBoard(message),
  );
  board.onPerished = (poison) => observer.perished(poison);
  board.application.onWrong = (wrongness) => observer.erred(name, wrongness);
  return board;
}

function linkOf(world: SimulatedWorld, name: CopyName, observer: WorldObserver): SimulatedLink {
  return new SimulatedLink(
    world.schedule,
    new SeededChoices(world.options.seed, LINK_STREAMS[name]),
    (message) => {
      if (name === THIRD) return world.third?.board.receive(message);
      observer.delivered(name, world.cables.boardAt(name), message);
      world.boards[world.cables.boardAt(name)].receive(message);
    },
    (session, message) => world.dispatch({ type: 'messageReceived', board: name, session, message }),
    name === THIRD ? THIRD_FRAME_US : FRAME_US,
  );
}

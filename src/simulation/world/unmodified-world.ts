import type { FromBoard } from '../../pair/result/messages.js';
import type { CopyName } from '../boards/copy-name.js';
import { SeededChoices } from '../seeded-choices.js';
import { UnmodifiedBoard, type UnmodifiedBoardObserver } from '../unmodified/unmodified-board.js';
import { UnmodifiedLink } from '../unmodified/unmodified-link.js';
import { type BoardName, type PairObserver, SimulatedWorld, type WorldKit } from './world.js';
import type { WorldOptions } from './world-options.js';

export type UnmodifiedWorld = SimulatedWorld<UnmodifiedBoard, UnmodifiedLink>;

/** Whoever watches a world of boards with firmware of their own. */
export interface UnmodifiedObserver extends PairObserver, UnmodifiedBoardObserver {
  /** A link has told the core this. */
  told(port: BoardName, message: FromBoard): void;
}

const BOARD_STREAMS = { a: 3, b: 4, third: 9 } as const;
const LINK_STREAMS = { a: 5, b: 6, third: 10 } as const;
const EXECUTE_US = 1_500;
const START_US = 20_000;

/** A pair of boards that nobody has written the firmware of for this. */
export function unmodifiedWorld(options: WorldOptions, observer: UnmodifiedObserver): UnmodifiedWorld {
  const kit: WorldKit<UnmodifiedBoard, UnmodifiedLink> = {
    board: (world, name) => boardOf(world, name, observer),
    link: (world, name) => linkOf(world, name as BoardName, observer),
  };
  return new SimulatedWorld(options, observer, kit);
}

function boardOf(world: UnmodifiedWorld, name: CopyName, observer: UnmodifiedObserver): UnmodifiedBoard {
  const { options, schedule } = world;
  const { hasBanner, isWatched } = options.unmodified ?? { hasBanner: false, isWatched: false };
  return new UnmodifiedBoard(
    { id: name, executeUs: EXECUTE_US, startUs: START_US, hasBanner, isWatched },
    schedule,
    new SeededChoices(options.seed, BOARD_STREAMS[name]),
    {
      carriedOut: (board, work) => observer.carriedOut(board, work),
      levelChanged: (board) => {
        observer.levelChanged(board);
        if (world.contact.at === name) world.look();
      },
    },
    (reply) => world.linkFrom(name)?.sendFromBoard(reply),
  );
}

function linkOf(world: UnmodifiedWorld, name: BoardName, observer: UnmodifiedObserver): UnmodifiedLink {
  return new UnmodifiedLink(
    world.schedule,
    new SeededChoices(world.options.seed, LINK_STREAMS[name]),
    world.options.windows[name],
    (request) => world.boards[world.cables.boardAt(name)].receive(request),
    (session, message) => {
      observer.told(name, message);
      world.dispatch({ type: 'messageReceived', board: name, session, message });
    },
  );
}

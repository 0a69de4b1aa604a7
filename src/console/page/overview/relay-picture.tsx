import type { BoardStatus, PageStatus } from '../net/shapes.js';
import { WORDS } from '../words.js';

const W = WORDS.drawing;

interface RelayProps {
  readonly status: PageStatus;
  readonly driver: string;
  readonly left: BoardStatus;
  readonly right: BoardStatus;
}

/** The changeover contact, its blade at the board that it connects, and the actuator below. */
export function Relay(props: RelayProps) {
  const { status, driver, left, right } = props;
  const { kind, proved } = status.relay;
  return (
    <g class={`relay ${proved || kind === 'none' ? 'proved' : 'not-proved'}`}>
      <Output isLeft={true} drives={driver === left.board} />
      <Output isLeft={false} drives={driver === right.board} />
      {kind === 'none' ? <NoRelay /> : <Contact isLeft={driver === left.board} />}
      <RelayLabel {...props} />
      <path d="M360 422v24" class="wire drives" />
      <path d="M360 422v24" class="flow drives" />
      <g class="actuator">
        <circle cx="360" cy="478" r="32" />
        <path d="M337.4 455.4 382.6 500.6M382.6 455.4 337.4 500.6" />
        <text x="408" y="472" class="label strong start">
          {W.actuator}
        </text>
        <text x="408" y="496" class="label start">
          {status.phase === 'stopped' ? W.notDriven(driver) : W.drivenBy(driver)}
        </text>
      </g>
    </g>
  );
}

/** From a board down to its contact. */
function Output({ isLeft, drives }: { isLeft: boolean; drives: boolean }) {
  const way = isLeft ? 'M216 258v102H316' : 'M504 258v102H404';
  return (
    <g class={`output ${drives ? 'drives' : ''}`}>
      <path d={way} class="wire" />
      {drives && <path d={way} class="flow" />}
    </g>
  );
}

function Contact({ isLeft }: { isLeft: boolean }) {
  return (
    <>
      <rect class="case" x="284" y="330" width="152" height="92" rx="6" />
      <circle class="terminal" cx="316" cy="360" r="5" />
      <circle class="terminal" cx="404" cy="360" r="5" />
      <g class={`blade ${isLeft ? 'to-left' : 'to-right'}`}>
        <path d="M360 408V344" />
      </g>
      <circle class="terminal" cx="360" cy="408" r="5" />
    </>
  );
}

function NoRelay() {
  return <path d="M316 360H404M360 360v62" class="wire drives" />;
}

function RelayLabel({ status: { relay }, driver }: RelayProps) {
  if (relay.kind === 'none') {
    return (
      <text x="452" y="400" class="label start">
        {relay.fence === 'nothing' ? W.nothing : W.reset}
      </text>
    );
  }
  const kind = relay.kind === 'emulated' ? `${W.emulated}, ` : '';
  return (
    <>
      <text x="452" y="390" class="label strong start">
        {`${W.relay} ${W.at(driver)}`}
      </text>
      <text x="452" y="414" class={`label start ${relay.proved ? '' : 'wrong'}`}>
        {`${kind}${relay.proved ? W.proved : W.notProved}`}
      </text>
    </>
  );
}

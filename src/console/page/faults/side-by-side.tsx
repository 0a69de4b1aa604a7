import type { StoryParts } from '../../../faults/story.js';
import { WORDS } from '../words.js';

const W = WORDS.faults;

/** Two or three results of one input, with what differs marked. */
export function SideBySide({ sides: { whose, rows } }: { sides: NonNullable<StoryParts['sides']> }) {
  return (
    <>
      <h4 id="sides">{W.sides}</h4>
      <table class="sides" aria-labelledby="sides">
        <thead>
          <tr>
            <th scope="col">{W.field}</th>
            {whose.map((one) => (
              <th scope="col" key={one}>
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, texts, differs }) => (
            <tr key={name} class={differs ? 'differs' : ''}>
              <th scope="row">
                {name}
                {differs && <span class="mark">{W.differs}</span>}
              </th>
              {whose.map((one, index) => (
                <td key={one}>{texts[index] ?? W.missingValue}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

import type { Signal } from '@preact/signals';
import type { Fault } from '../net/shapes.js';
import { WORDS } from '../words.js';
import type { FaultFilter } from './filter.js';

const W = WORDS.faults;
const WHICH = ['open', 'all', 'events'] as const;

export function FilterBar(props: { filter: Signal<FaultFilter>; faults: readonly Fault[]; shown: number }) {
  const { filter, faults, shown } = props;
  const set = (change: Partial<FaultFilter>) => {
    filter.value = { ...filter.value, ...change };
  };
  return (
    <search class="filter">
      <label class="search">
        <span>{W.search}</span>
        <input
          type="search"
          placeholder={W.searchHint}
          value={filter.value.words}
          onInput={({ currentTarget }) => set({ words: currentTarget.value })}
        />
      </label>
      <Choice
        label={W.show}
        value={filter.value.which}
        options={WHICH.map((which) => [which, W.which[which]])}
        onChoice={(which) => set({ which: WHICH.find((one) => one === which) ?? 'all' })}
      />
      <Choice
        label={W.kind}
        value={filter.value.code}
        options={[['', W.anyKind], ...valuesOf(faults.map(({ code }) => code))]}
        onChoice={(code) => set({ code })}
      />
      <Choice
        label={W.board}
        value={filter.value.board}
        options={[['', W.anyBoard], ...valuesOf(faults.flatMap(({ board }) => board ?? []))]}
        onChoice={(board) => set({ board })}
      />
      <output>{W.count(shown, faults.length)}</output>
    </search>
  );
}

type Option = readonly [value: string, text: string];

function Choice(props: {
  label: string;
  value: string;
  options: readonly Option[];
  onChoice: (value: string) => void;
}) {
  const { label, value, options, onChoice } = props;
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
        {options.map(([of, text]) => (
          <option key={of} value={of}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function valuesOf(values: readonly string[]): Option[] {
  return [...new Set(values)].sort().map((value) => [value, value]);
}

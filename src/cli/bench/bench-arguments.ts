/** What was said on the command line of copycat bench. */
export interface BenchArguments {
  readonly list?: boolean;
  readonly inputs: number;
  readonly seed: number;
  readonly link: string;
  /** An Uno where neither it nor a configuration says. */
  readonly board?: string;
  /** An image of somebody's own. */
  readonly firmware?: string;
  readonly config?: string;
  /** What surrounds an image of one's own. */
  readonly world?: string;
  readonly initWorld?: boolean;
  readonly needsBoth?: boolean;
  readonly realTime?: boolean;
  readonly json?: boolean;
  readonly keep?: string;
}

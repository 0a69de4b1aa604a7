/** What was said on the command line of copycat bench. */
export interface BenchArguments {
  readonly list?: boolean;
  /** A real pair. */
  readonly hardware?: boolean;
  readonly inputs: number;
  /** With `against`: `ledger`, or the file that has recorded inputs. */
  readonly recorded?: string;
  /** An older image, to compare `firmware` with. */
  readonly against?: string;
  /** The page that a bench is drawn on. */
  readonly plot?: string;
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

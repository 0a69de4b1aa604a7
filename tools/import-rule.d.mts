/** What is wrong with the tree that `root` has below src, a line each; where it is not whole, what the list names need not be there. */
export function judgeImports(
  root: string,
  isWhole: boolean,
): { readonly faults: readonly string[]; readonly files: number };

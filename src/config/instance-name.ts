/** The pair in the name of its service, `copycat@NAME`: that bears letters, digits and a few signs; a pair's name may bear anything. */
export function instanceName(pairName: string): string {
  return (
    pairName
      .toLowerCase()
      .replace(/[^a-z0-9_.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'pair'
  );
}

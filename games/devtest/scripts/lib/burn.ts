/** So many million additions: about a millisecond each. */
export function burn(millions: number): number {
  let sum = 0;
  for (let i = 0; i < millions * 1e6; i++) sum = (sum + i) % 1_000_003;
  return sum;
}

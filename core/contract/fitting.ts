/**
 * The first of a list, plain JSON each, that have no more than so many bytes together: the answer of a method has 256 KB at most, in
 * which a number or a word such as `null` counts as four.
 */
export function fitting<T>(list: readonly T[], bytes: number): readonly T[] {
  let sum = 0;
  const over = list.findIndex((one) => {
    sum += Buffer.byteLength(JSON.stringify(one));
    return sum > bytes;
  });
  return over < 0 ? list : list.slice(0, over);
}

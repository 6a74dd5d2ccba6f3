/** Assigns a different thing to each of several wishes. */

/** @returns the index of its thing per wish, or undefined; a maximum number of wishes is satisfied (augmenting paths). */
export function pair(
  wishes: number,
  things: number,
  fits: (wish: number, thing: number) => boolean,
): (number | undefined)[] {
  const owner = new Map<number, number>();
  const grant = (wish: number, tried: Set<number>): boolean => {
    for (let thing = 0; thing < things; thing += 1) {
      if (tried.has(thing) || !fits(wish, thing)) continue;
      tried.add(thing);
      const current = owner.get(thing);
      if (current === undefined || grant(current, tried)) {
        owner.set(thing, wish);
        return true;
      }
    }
    return false;
  };
  for (let wish = 0; wish < wishes; wish += 1) grant(wish, new Set());
  const given = new Array<number | undefined>(wishes).fill(undefined);
  for (const [thing, wish] of owner) given[wish] = thing;
  return given;
}

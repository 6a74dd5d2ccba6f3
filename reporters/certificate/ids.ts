/** Anchors inside the certificate, made of digits and plain letters for any title. */

export function sectionId(number: number): string {
  return `section-${number}`;
}

export function exerciseId(section: number, title: string): string {
  return `exercise-${section}-${short(title)}`;
}

/** A short, stable digest (FNV-1a), since titles may contain anything. */
function short(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}

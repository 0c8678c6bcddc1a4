/** Firefox has it from 125 on. */
const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter() : null;

/** A text letter by letter, as its reader counts them; where the browser cannot tell, an emoji may be several. */
export function lettersOf(text: string): string[] {
  return segmenter === null ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

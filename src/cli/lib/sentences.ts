/** The first sentence, and the others as a fix; texts of ours say what, then what to do. */
export function sentences(text: string): [string, string | undefined] {
  const [, what = text, told] = /^(.*?)\. ([A-Z].*)$/s.exec(text) ?? [];
  const fix = told?.replace(/\.$/, "").replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
  return [what.replace(/\.$/, ""), fix];
}

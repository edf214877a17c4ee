/** What stands between fences, with what it is under. */
export interface Block {
  /** The nearest heading above it. */
  readonly heading: string;
  readonly code: string;
}

const FENCED = /^```(\w*)\n([^]*?)^```$/gm;

/** The blocks of a language: "ts", "sh". */
export function blocksOf(markdown: string, language: string): Block[] {
  return [...markdown.matchAll(FENCED)]
    .filter(([, written]) => written === language)
    .map(({ 2: code, index }) => ({
      heading: headingsOf(markdown.slice(0, index)).at(-1) ?? "",
      code: code!,
    }));
}

/** Where its links lead, but for those to other places of the web. */
export function linksIn(markdown: string): string[] {
  const text = markdown.replace(FENCED, "").replace(/`[^`\n]*`/g, "code");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors that GitHub gives its headings. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return headingsOf(markdown).map((heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function headingsOf(markdown: string): string[] {
  const text = markdown.replace(FENCED, "");
  return [...text.matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading]) => heading!.trim());
}

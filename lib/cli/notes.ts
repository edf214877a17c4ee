import { excerpt } from "../model/text";
import { RuleId } from "../restore/rules";
import { AskedLacks, LACKS } from "./grounds";
import { Policy } from "./policy";
import { Judged, nameOf } from "./verdict";

const MOST_NAMED = 3;

/** Of what the policy says and can't be judged, a note for each rule: silence would read as met. */
export function lackNotes(
  { file }: Policy,
  judged: readonly Judged[],
  asked: AskedLacks,
): string[] {
  const texts = { ...LACKS, ...asked };
  const byRule = new Map<RuleId, Map<string, string[]>>();
  for (const each of judged) {
    for (const { lack, rule } of each.unjudged) {
      const byWhy = entryIn(byRule, rule, () => new Map<string, string[]>());
      const whose = entryIn(byWhy, texts[lack], () => []);
      whose.push(`${each.word} ${excerpt(nameOf(each), 80)}`);
    }
  }
  return [...byRule].map(([rule, byWhy]) => {
    const count = [...byWhy.values()].flat().length;
    const whys = [...byWhy].map(([why, whose]) => `${why} (${someOf(whose)})`);
    return `${file}: ${rule} can't be judged of ${instances(count)}: ${whys.join("; ")}`;
  });
}

function entryIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function someOf(all: readonly string[]): string {
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function instances(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

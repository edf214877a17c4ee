import { Instance, InstanceStatus } from "../model/instance";
import { excerpt } from "../model/text";
import { DAY_MS, toRfc3339 } from "../model/time";
import { labelOf } from "../query/subjects";
import { RuleId } from "../restore/rules";
import { AskedLacks, LACKS } from "./grounds";
import { Policy, PolicyInstance } from "./policy";
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

/** An instance that should have no backup. */
export interface LeftOut {
  readonly word: string;
  readonly instance: Instance;
  /** What the policy says of it by itself. @default - it stands there with its service */
  readonly given?: PolicyInstance;
}

/** Of those that are not judged, why: each that the policy names, the others by their service. */
export function leftOutNotes({ file }: Policy, all: readonly LeftOut[], asOf: Date): string[] {
  const byLine = [...all].sort((a, b) => (a.given?.line ?? 0) - (b.given?.line ?? 0));
  const named = byLine.flatMap(({ given, instance }) => {
    if (!given) return [];
    const { one } = whyOf(instance);
    const long = longCreated(instance, asOf);
    const since = long === undefined ? "" : ` for more than a day, since ${long}`;
    return [`${file}, line ${given.line}: ${labelOf(instance)} ${one}${since}: it is not judged`];
  });
  const others = all.filter(({ given }) => !given);
  const byService = [...new Set(others.map(({ word }) => word))].map((word) => {
    const own = others.filter((each) => each.word === word).map(({ instance }) => instance);
    const whys = WHYS.flatMap((why) => {
      const these = own.filter((each) => whyOf(each) === why);
      return these.length === 0 ? [] : [countOf(why, these, asOf)];
    });
    const are = own.length === 1 ? "is" : "are";
    return `${word}: ${instances(own.length)} ${are} not judged: ${whys.join("; ")}`;
  });
  return [...byService, ...named];
}

interface Why {
  readonly one: string;
  readonly several: string;
  is(instance: Instance): boolean;
}

/** The first that holds counts. */
const WHYS: readonly Why[] = [
  {
    one: "is a read replica, which has no backups of its own",
    several: "are read replicas, which have no backups of their own",
    is: ({ isReplica }) => isReplica,
  },
  {
    one: "can't be backed up",
    several: "can't be backed up",
    is: ({ canBeBackedUp }) => !canBeBackedUp,
  },
  {
    one: "is being created",
    several: "are being created",
    is: ({ status }) => status === InstanceStatus.CREATING,
  },
];

function whyOf(instance: Instance): Why {
  return WHYS.find(({ is }) => is(instance))!;
}

function countOf({ one, several }: Why, these: readonly Instance[], asOf: Date): string {
  const long = these.flatMap((each) => {
    const since = longCreated(each, asOf);
    return since === undefined ? [] : `${excerpt(each.name ?? each.id, 80)} since ${since}`;
  });
  const text = `${these.length} ${these.length === 1 ? one : several}`;
  return long.length === 0 ? text : `${text}, for more than a day: ${someOf(long)}`;
}

/** Since when it is being created, where that is more than a day. */
function longCreated({ createdAt, status }: Instance, asOf: Date): string | undefined {
  if (status !== InstanceStatus.CREATING || !createdAt) return undefined;
  return asOf.getTime() - createdAt.getTime() > DAY_MS ? toRfc3339(createdAt) : undefined;
}

function someOf(all: readonly string[]): string {
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function instances(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

import { Lock, LockEntry } from "../../lock/format";
import { Change, writeLock } from "../../lock/merge";
import { Difference, differencesBetween } from "../../lock/review";
import { askersOf, unansweredIn } from "../../lock/stacks";
import { renewedLines, writtenLines } from "../../lookup/ending";
import { Session } from "../../lookup/session";
import { BackupsError, refusal } from "../../model/errors";
import { Outcome } from "../../model/outcome";
import { excerpt, shown } from "../../model/text";
import { matchesGlob } from "../../restore/selection";
import { forCommand } from "../advice";
import { loaded, patienceIn } from "../enquiry";
import { exitOf } from "../exit";
import { json, markdown } from "../formats";
import { unansweredText, wholeLock } from "../lock";
import { Told } from "../output";
import { Renewal, renewalOf, RenewalSettings, swapBetween, swapOf } from "../renewal";

export interface LockRenewOptions {
  readonly only?: string;
  readonly takeOver?: boolean;
  readonly timeout?: string;
  readonly caFile?: string;
}

const OF_DECISIONS =
  "decisions are as the last synthesis wrote them; `npx cdktf synth` takes them anew";
const MAX_TOLD = 10;

/** Asks the cloud anew for what the lock's stacks ask, and writes the answers. */
export async function lockRenew(
  file: string | undefined,
  { caFile, only, takeOver = false, timeout }: LockRenewOptions,
): Promise<Told> {
  const timeoutMs = patienceIn({ timeout });
  const { name, read, store } = wholeLock(file);
  const settings: RenewalSettings = { timeoutMs, caFile, sources: new Map() };
  const planned = wantedIn(read.lock, only).map(({ asker, entry, key }) =>
    Outcome.of(() => renewalOf([key, entry], asker, settings)),
  );
  const renewals = planned.flatMap(({ value }) => value ?? []);
  if (renewals.length === 0) void planned[0]?.required;
  if (!takeOver) refuseSwaps(renewals.flatMap((each) => swapOf(each) ?? []));

  const session = new Session();
  const answered = await answersOf(renewals, session);
  const failed = [...planned, ...answered.values()].flatMap(({ problem }) => problem ?? []);
  const answers = new Map(
    [...answered].flatMap(([key, { value }]) => (value ? [[key, value] as const] : [])),
  );
  // Which project answers may be known only now.
  const swaps = takeOver ? [] : swapsBy(answers, read.lock);
  if (swaps.length > 0 || answers.size === 0) {
    const change = { before: read.lock, after: read.lock, isNew: false };
    return toldOf(name, change, failed, swaps, ["nothing was renewed"]);
  }
  const began = session.now.getTime();
  const changes = { stacks: new Map(), answers, refused: new Set<string>(), began };
  const change = writeLock(store, name, read, changes);
  return toldOf(name, change, failed, swaps, [
    ...renewedLines(change),
    ...writtenLines(changes, read.lock, false),
  ]);
}

interface Wanted {
  readonly key: string;
  readonly entry: LockEntry;
  /** One of the constructs that ask, by which an error names it. */
  readonly asker: string;
}

/** What a stack asks, and matches: by its label, its key or a construct that asks. */
function wantedIn(lock: Lock, only: string | undefined): Wanted[] {
  const wanted = [...askersOf(lock)].flatMap(([key, askers]) => {
    const entry = lock.entries.get(key);
    if (!entry) return [];
    const names = [entry.label, key, ...askers];
    const isMeant = only === undefined || names.some((each) => matchesGlob(each, only));
    return isMeant ? { key, entry, asker: askers[0]! } : [];
  });
  if (only === undefined || wanted.length > 0) return wanted;
  throw refusal(
    "INVALID_ARGUMENT",
    `--only ${shown(only)} is none of what the lock's stacks ask`,
    "Allowed is the label of a lookup, its key or the path of a construct, as `lock status` shows them; * is any text, ? any character.",
  );
}

function refuseSwaps(swaps: readonly BackupsError[]): void {
  const [first] = swaps;
  if (!first) return;
  if (swaps.length === 1) throw first;
  const { advice, code } = first.details;
  throw refusal(code, `${swaps.length} answers of the lock would be of another:`, advice, {
    list: swaps.slice(0, MAX_TOLD).map(({ details }) => details.what),
  });
}

/** By key; under the labels and queries that they had. */
async function answersOf(
  renewals: readonly Renewal[],
  session: Session,
): Promise<Map<string, Outcome<LockEntry>>> {
  for (const { lookup } of renewals) session.addSource(lookup.findSource());
  for (const { lookup } of renewals) session.declare(lookup);
  await loaded(session);
  return new Map(
    renewals.map(({ entry, key, lookup }) => [
      key,
      Outcome.of(() => {
        void session.settle(lookup).required;
        const { answered, missing, records } = session.settledOf(lookup)!.entry!;
        return { label: entry.label, query: entry.query, answered, missing, records };
      }),
    ]),
  );
}

function swapsBy(answers: ReadonlyMap<string, LockEntry>, lock: Lock): BackupsError[] {
  return [...answers].flatMap(
    ([key, { answered }]) => swapBetween(lock.entries.get(key)!, answered) ?? [],
  );
}

function toldOf(
  name: string,
  change: Change,
  failed: readonly BackupsError[],
  swaps: readonly BackupsError[],
  lines: readonly string[],
): Told {
  const differences = differencesBetween(change.before, change.after);
  const summary = [
    ...lines,
    ...(failed.length > 0 ? [`${failed.length} could not be asked: the old answers stay`] : []),
  ].map((line) => `${excerpt(name)}: ${line}`);
  const problems = [...failed, ...swaps];
  return {
    exit: exitOf(problems),
    problems,
    notes: [
      OF_DECISIONS,
      ...unansweredIn(change.after).map(
        (each) => `${unansweredText(each)}; only a synthesis asks anew`,
      ),
    ],
    as: {
      text: () => [...summary, ...differences.map(({ sentence }) => `  ${sentence}`)].join("\n"),
      json: () => jsonOf(name, change, problems, differences),
      markdown: () =>
        [...summary, ...differences.map(({ sentence }) => sentence)]
          .map((line) => `- ${markdown(line)}`)
          .join("\n"),
    },
  };
}

function jsonOf(
  name: string,
  { after, before }: Change,
  problems: readonly BackupsError[],
  differences: readonly Difference[],
): string {
  const renewed = [...after.entries].filter(([key, entry]) => before.entries.get(key) !== entry);
  return json({
    file: name,
    renewed: renewed.map(([key, { answered, label, records }]) => {
      return { key, label, answered_at: answered.at, records: records.length };
    }),
    failed: problems
      .map(forCommand)
      .map(({ code, message, query }) => ({ code, message, label: query ?? null })),
    differences: differences.map(({ change, subject }) => ({ subject, change })),
  });
}

import { Cloud, hostIn } from "../cloud/endpoints";
import { Credentials } from "../cloud/credentials";
import { ConnectionSettings } from "../cloud/environment";
import { Answered, LockEntry } from "../lock/format";
import { unknownQuestion } from "../lock/held";
import { MemoryLock } from "../lock/store";
import { addressOf, targetOf } from "../lookup/inquiries";
import { Lookup, Source } from "../lookup/lookup";
import { LookupMode } from "../lookup/mode";
import { BackupsError, refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import { excerpt } from "../model/text";
import { timeOf } from "../model/time";
import { Identity } from "../query/identity";
import { placeOf, Question, questionUnder } from "../query/question";

/** What a renewal knows besides the lock. */
export interface RenewalSettings {
  readonly timeoutMs: number;
  readonly caFile?: string;
  /** Those that there are already, by where and as of when they ask: each looks at the environment once. */
  readonly sources: Map<string, Source>;
}

/** An answer of a lock, and how its question is put again. */
export interface Renewal {
  readonly key: string;
  readonly entry: LockEntry;
  readonly lookup: Lookup;
}

/** An error where it can't be asked; nothing is sent. */
export function renewalOf(
  [key, entry]: readonly [string, LockEntry],
  constructPath: string,
  settings: RenewalSettings,
): Renewal {
  const question = tolerant(questionIn(key, entry), entry);
  const source = sourceOf(entry, settings);
  // Nobody may be there to be asked.
  addressOf(question.service, source);
  return { key, entry, lookup: { question, constructPath, findSource: () => source } };
}

/** A service that still knows no such instance has answered: the program takes that for empty. */
function tolerant(question: Question<unknown>, { missing }: LockEntry): Question<unknown> {
  if (!missing) return question;
  return {
    ...question,
    isEmptiness: (error, warnings) =>
      error.code === missing.code || question.isEmptiness(error, warnings),
  };
}

/** Whom it would ask, as far as that is known before; undefined where that is who answered last. */
export function swapOf({ entry, lookup }: Renewal): BackupsError | undefined {
  const source = lookup.findSource();
  const { cloud, account } = targetOf(source);
  const { projectId = entry.answered.project_id, region } = account;
  const host = hostIn(addressOf(lookup.question.service, source));
  return swapBetween(entry, { cloud: cloud.name, region, host, project_id: projectId });
}

/** Whether another has answered than the last time. */
export function swapBetween(
  { answered, label }: LockEntry,
  is: Omit<Answered, "at">,
): BackupsError | undefined {
  const names = ["host", "cloud", "region", "project_id"] as const;
  const [other] = names.filter((name) => answered[name] !== is[name]);
  if (other === undefined) return undefined;
  const [was, now] = [answered, is].map((each) => excerpt(each[other] ?? "unknown", 80));
  return refusal(
    other === "project_id" ? "LOCK_OF_ANOTHER_PROJECT" : "LOCK_OF_ANOTHER_HOST",
    `"${excerpt(label)}" was answered by the ${other.replace("_id", "")} ${was}, and now it would be by ${now}`,
    "Nothing is written. Set the environment as it was for that synthesis, or accept the other one by --take-over.",
  );
}

/** The same question; an error for one that this version would put another way. */
function questionIn(key: string, { label, query }: LockEntry): Question<unknown> {
  const question = questionUnder(key, query);
  if (question) return question;
  throw unknownQuestion(label);
}

function sourceOf({ answered, query }: LockEntry, settings: RenewalSettings): Source {
  const { as_of: asOf } = answered;
  const key = JSON.stringify([{ ...placeOf(query), service: "" }, asOf]);
  const known = settings.sources.get(key);
  if (known) return known;
  const source: Source = {
    settings: settingsOf(query, settings.caFile),
    timeoutMs: settings.timeoutMs,
    // The program's own, by which it will read the answer.
    asOf: asOf === undefined ? undefined : timeOf(new Date(asOf)),
    mode: LookupMode.LIVE,
    maxLockAgeMs: 0,
    store: new MemoryLock(),
  };
  settings.sources.set(key, source);
  return source;
}

/** As the program declared it; the environment adds what it added then. */
function settingsOf(query: Identity, caFile: string | undefined): ConnectionSettings {
  const text = (name: string) =>
    query[name] === undefined ? undefined : checkedId(name, query[name], "");
  return {
    // Where a custom one is, the environment says: credentials go to no address that a file names. Of an
    // unknown one the answer is refused as another's.
    cloud: Cloud._named(text("cloud")),
    region: text("region"),
    projectId: text("project_id"),
    projectName: text("project_name"),
    caFile,
    credentials: Credentials.fromEnvironment(),
  };
}

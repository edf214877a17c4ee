import { BackupsError } from "../model/errors";
import { RawRecord } from "../services/record";
import { withLevel } from "../services/level";
import { checkClock } from "../query/clock";
import { deadlineExceeded } from "../wire/deadline";
import { Fetch } from "../wire/fetch";
import { Answered } from "../lock/format";
import { Answer, Source } from "./lookup";
import { Question } from "../query/question";

/** A question on its way. */
export interface Asking {
  readonly question: Question<unknown>;
  readonly source: Source;
  readonly fetches: Fetch[];
  readonly cloud: string;
  readonly region?: string;
  readonly host: string;
}

/** All its lists, joined: both of GeminiDB may hold the same backup, and one id is one backup. */
export function answerOf({ question, source, fetches }: Asking): Answer {
  const records = new Map<string, RawRecord>();
  let missing: BackupsError | undefined;
  for (const fetch of fetches) {
    if (!fetch.isSettled) throw deadlineExceeded();
    if (fetch.error && !question.isEmptiness(fetch.error, [])) throw fetch.error;
    if (source.asOf === undefined) checkClock(fetch.clockAheadMs);
    missing ??= fetch.error;
    const { level } = fetch.list;
    for (const [id, record] of fetch.records ?? []) records.set(id, withLevel(record, level));
  }
  const inOrder = [...records.keys()].sort().map((id) => records.get(id)!);
  return { records: inOrder, missing };
}

/** Who answered, as far as it is known. */
export function answeredBy({ cloud, region, host, fetches }: Asking): Omit<Answered, "at"> {
  return { cloud, region, host, project_id: fetches.find(({ project }) => project)?.project };
}

/** Whether all its lists are there, or failed. */
export function isFetched({ fetches }: Asking): boolean {
  return fetches.every((fetch) => fetch.isSettled);
}

/** When all lists of all of them are, or the time is up. */
export function allFetched(waiting: Asking[], limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(limitMs, 2 ** 31 - 1));
    let open = 1;
    const settled = () => {
      if (--open > 0) return;
      clearTimeout(timer);
      resolve();
    };
    for (const fetch of waiting.flatMap(({ fetches }) => fetches)) {
      open++;
      fetch.onSettled(settled);
    }
    settled();
  });
}

import { CloudClient } from "../cloud/client";
import type { Reading } from "../cloud/reading";
import { refusal } from "../model/errors";
import { Page, Paging, parsePage, readAll } from "../services/paging";
import { ListJob } from "./protocol";

/** Takes a page as it arrives. Only the pages of the attempt that `readList` returns are the list. */
export type TakePage = (page: Page, attempt: number, index: number) => void;

const MB = 1024 ** 2;
/** What may be taken of the main thread's memory. */
const BOUNDS = {
  /** By one list: the longest that is read takes 210 MB. */
  list: 256 * MB,
  /** By all that are read at one time: a million records take 840 MB. */
  together: 1024 * MB,
};
let underWay = 0;
let held = 0;

/** Reads a whole list from its service, or throws; returns the attempt whose pages are the list. */
export async function readList(
  client: CloudClient,
  list: Omit<ListJob, "account">,
  reading: Reading,
  take: TakePage,
  bounds = BOUNDS,
): Promise<number> {
  if (underWay++ === 0) held = 0;
  let own = 0;
  const { maxRequests } = list;
  const limits = maxRequests === undefined ? undefined : { attempts: 1, pages: maxRequests };
  const read = async (index: number, attempt: number, left: number) => {
    reading.left = left;
    const query = { ...list.query, ...pageParameters(list.paging, index) };
    const text = await client.get(list.baseUrl, list.path, query, reading);
    const page = parsePage(text, list.paging, (value) => client.secrets.redactValue(value));
    // Those of earlier attempts count as well: where the main thread is busy, they still wait for it.
    own += page.bytes;
    held += page.bytes;
    if (own > bounds.list) throw tooLarge("the list takes", bounds.list);
    if (held > bounds.together) {
      throw tooLarge("the lists that are read at this time take", bounds.together);
    }
    take(page, attempt, index);
    return page;
  };
  try {
    return await readAll(list.paging, read, limits);
  } catch (error) {
    held -= own;
    throw client.secrets.redactError(error);
  } finally {
    underWay--;
  }
}

function tooLarge(what: string, limit: number): Error {
  return refusal(
    "LIST_TOO_LONG",
    `${what} more than ${limit / MB} MB of memory`,
    "Ask for less: narrow the windows with `within`. No backups are that many: check the endpoint.",
  );
}

function pageParameters(paging: Paging, index: number): { [name: string]: string } {
  if (paging.isSingle) return {};
  const at = { [paging.parameter]: String(paging.first + index) };
  return paging.isWithoutLimit ? at : { ...at, limit: String(paging.size) };
}

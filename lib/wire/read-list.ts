import { CloudClient } from "../cloud/client";
import type { Reading } from "../cloud/reading";
import { Page, Paging, parsePage, readAll } from "../services/paging";
import { ListJob } from "./protocol";

/** Takes a page as it arrives. Only the pages of the attempt that `readList` returns are the list. */
export type TakePage = (page: Page, attempt: number, index: number, text: string) => void;

/** Reads a whole list from its service, or throws; returns the attempt whose pages are the list. */
export function readList(
  client: CloudClient,
  list: Omit<ListJob, "account">,
  reading: Reading,
  take: TakePage,
): Promise<number> {
  return readAll(list.paging, async (index, attempt) => {
    const query = { ...list.query, ...pageParameters(list.paging, index) };
    const text = await client.get(list.baseUrl, list.path, query, reading);
    const page = parseSafely(text, list.paging, client);
    take(page, attempt, index, text);
    return page;
  });
}

function pageParameters(paging: Paging, index: number): { [name: string]: string } {
  if (paging.isSingle) return {};
  const at = { [paging.parameter]: String(paging.first + index) };
  return paging.isWithoutLimit ? at : { ...at, limit: String(paging.size) };
}

/** A page; a wrong answer is shown in part, so what it echoes of a secret is cut out before. */
function parseSafely(text: string, paging: Paging, client: CloudClient): Page {
  try {
    return parsePage(text, paging);
  } catch {
    return parsePage(client.redact(text), paging);
  }
}

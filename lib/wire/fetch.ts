import { canonical } from "../model/canonical";
import { BackupsError } from "../model/errors";
import { RawRecord } from "../services/record";
import { Page, parsePage } from "../services/paging";
import { ListJob, PageMessage } from "./protocol";

/** One list on its way: its pages as they come, then its records or why there are none. */
export class Fetch {
  /** By id; undefined until the list is complete. */
  public records?: ReadonlyMap<string, RawRecord>;
  public error?: BackupsError;
  /** The id of the project that was asked, once it is known. */
  public project?: string;
  /** How far this machine's clock is ahead of the service's. */
  public clockAheadMs?: number;
  private attempt = 0;
  private pages: Page[] = [];
  private readonly settlers: (() => void)[] = [];

  constructor(public readonly list: ListJob) {}

  public get isSettled(): boolean {
    return this.records !== undefined || this.error !== undefined;
  }

  /** Called at once where it is settled already. */
  public onSettled(callback: () => void): void {
    if (this.isSettled) callback();
    else this.settlers.push(callback);
  }

  /** Parses now: the next page is still under way. */
  public receive({ attempt, index, text }: PageMessage): void {
    if (attempt > this.attempt) [this.attempt, this.pages] = [attempt, []];
    const page = parsePage(text, this.list.paging);
    this.pages[index] = { ...page, records: page.records.map((record) => canonical(record)) };
  }

  /** The list is complete. A record that came twice counts once, as it was read last. */
  public complete(): void {
    if (this.isSettled) return;
    const byId = new Map<string, RawRecord>();
    // Sparse: a page stands at the index of its first record.
    this.pages.forEach(({ ids, records }) => {
      ids.forEach((id, i) => byId.set(id, records[i] as RawRecord));
    });
    this.records = byId;
    this.settle();
  }

  public fail(error: BackupsError): void {
    this.error = error;
    this.settle();
  }

  private settle(): void {
    this.pages = [];
    for (const callback of this.settlers.splice(0)) callback();
  }
}

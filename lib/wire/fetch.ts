import { BackupsError } from "../model/errors";
import { Records } from "../services/records";
import { ListJob, PageMessage } from "./protocol";

const LONG = 300;

interface ReceivedPage {
  readonly ids: readonly string[];
  readonly owners?: readonly string[];
  readonly records: Records;
}

/** One list on its way: its pages as they come, then its records or why there are none. */
export class Fetch {
  /** In the order of their ids; undefined until the list is complete. */
  public records?: Records;
  /** Of a list that takes the place of many: the instance of each record. */
  public owners?: readonly string[];
  public error?: BackupsError;
  /** The id of the project that was asked, once it is known. */
  public project?: string;
  /** How far this machine's clock is ahead of the service's. */
  public clockAheadMs?: number;
  private attempt = 0;
  private isLong = false;
  /** By the index of its first record. */
  private readonly pages = new Map<number, ReceivedPage>();
  private readonly settlers: (() => void)[] = [];

  /** @param decodeAhead Done with each page while the next one is under way. */
  constructor(
    public readonly list: ListJob,
    private readonly decodeAhead: (records: Records) => void = () => undefined,
  ) {}

  public get isSettled(): boolean {
    return this.records !== undefined || this.error !== undefined;
  }

  /** How many records have come, each counted once although pages overlap; none where it failed. */
  public get received(): number {
    if (this.records) return this.records.length;
    let [count, end] = [0, 0];
    for (const [index, { ids }] of [...this.pages].sort(([a], [b]) => a - b)) {
      const begin = Math.max(end, index);
      end = Math.max(end, index + ids.length);
      count += end - begin;
    }
    return count;
  }

  /** Called at once where it is settled already. */
  public onSettled(callback: () => void): void {
    if (this.isSettled) callback();
    else this.settlers.push(callback);
  }

  public receive({ attempt, ids, index, lines, owners }: PageMessage): void {
    if (attempt > this.attempt) {
      this.attempt = attempt;
      this.pages.clear();
    }
    const records = Records.inLines(lines);
    this.pages.set(index, { ids, owners, records });
    // A short list is decoded at its end, while others are under way: until then it takes less memory.
    if (this.isLong) this.decodeAhead(records);
    else if (index >= LONG) {
      this.isLong = true;
      for (const page of this.pages.values()) this.decodeAhead(page.records);
    }
  }

  /** The list is complete. A record that came twice counts once, as it was read last. */
  public complete(): void {
    if (this.isSettled) return;
    const byId = new Map<string, { records: Records; index: number; owner?: string }>();
    for (const [, { ids, owners, records }] of [...this.pages].sort(([a], [b]) => a - b)) {
      ids.forEach((id, index) => byId.set(id, { records, index, owner: owners?.[index] }));
    }
    const picks = [...byId.keys()].sort().map((id) => byId.get(id)!);
    if (this.list.maxRequests !== undefined) this.owners = picks.map(({ owner = "" }) => owner);
    this.records = Records.picked(picks);
    this.settle();
  }

  /** Its records are a part of another list. */
  public take(records: Records, { clockAheadMs, project }: Fetch): void {
    this.records = records;
    this.clockAheadMs = clockAheadMs;
    this.project = project;
    this.settle();
  }

  public fail(error: BackupsError): void {
    this.error = error;
    this.settle();
  }

  private settle(): void {
    this.pages.clear();
    for (const callback of this.settlers.splice(0)) callback();
  }
}

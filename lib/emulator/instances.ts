import type { RestoreWindow } from "./services/list";

/** The instances of one service, whose lists share them, their restore windows and their records. */
export class Instances {
  private readonly windows = new Map<string, readonly RestoreWindow[]>();

  /** By instance; of the others one is made up. */
  private readonly records = new Map<string, unknown>();
  private readonly made = new Map<string, Map<string, unknown>>();

  public add(instance: string): void {
    if (!this.knows(instance)) this.windows.set(instance, []);
  }

  public knows(instance: string): boolean {
    return this.windows.has(instance);
  }

  /** Gives an instance, which exists from now on, the record that its service lists. */
  public setRecord(instance: string, record: unknown): void {
    this.add(instance);
    this.records.set(instance, record);
  }

  /**
   * The records in the order in which the instances became known: what was given, else what is made up for its
   * place, once for each version of the path.
   */
  public listed(version: string, makeUp: (id: string, index: number) => unknown): unknown[] {
    const made = this.made.get(version) ?? new Map<string, unknown>();
    this.made.set(version, made);
    return [...this.windows.keys()].map((id, index) => {
      const given = this.records.get(id);
      if (given !== undefined) return given;
      if (!made.has(id)) made.set(id, makeUp(id, index));
      return made.get(id);
    });
  }

  public setWindows(instance: string, windows: readonly RestoreWindow[]): void {
    this.windows.set(instance, [...windows]);
  }

  /** The windows of an instance that touch a stretch of time, both bounds included, as given. */
  public windowsWithin(instance: string, beginMs: number, endMs: number): RestoreWindow[] {
    const windows = this.windows.get(instance) ?? [];
    return windows.filter(({ start, end }) => end >= beginMs && start <= endMs);
  }
}

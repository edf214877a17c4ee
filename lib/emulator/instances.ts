import type { RestoreWindow } from "./services/list";

/** The instances of one service, whose lists share them, and their restore windows. */
export class Instances {
  private readonly windows = new Map<string, readonly RestoreWindow[]>();

  public add(instance: string): void {
    if (!this.knows(instance)) this.windows.set(instance, []);
  }

  public knows(instance: string): boolean {
    return this.windows.has(instance);
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

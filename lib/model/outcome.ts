import { BackupsError, errorAt } from "./errors";

/**
 * What came of something that may fail for a reason that people are told: its value, or the problem in
 * its place; both where the value is known and not good enough.
 */
export class Outcome<T> {
  /** Of what `find` gives, or the error of this library that it throws; `flawOf` judges the value. */
  public static of<T>(
    find: () => T,
    flawOf: (value: T) => BackupsError | undefined = () => undefined,
  ): Outcome<T> {
    try {
      const value = find();
      return new Outcome<T>(value, flawOf(value));
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      return new Outcome<T>(undefined, error);
    }
  }

  private constructor(
    public readonly value: T | undefined,
    public readonly problem: BackupsError | undefined,
  ) {}

  /** Whether there is a value, be it one that is not good enough. */
  public get isKnown(): boolean {
    return this.value !== undefined;
  }

  /** The value; where there is none, its problem is thrown. */
  public get required(): T {
    if (this.problem && !this.isKnown) throw this.problem;
    return this.value as T;
  }

  /** The same, its problem saying as well where in the program it happened. */
  public at(where: { constructPath?: string; query?: string }): Outcome<T> {
    return this.problem ? new Outcome(this.value, errorAt(this.problem, where)) : this;
  }
}

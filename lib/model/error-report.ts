import { ERROR_CODES } from "./error-codes";
import { ANY_TEXT, checkedValue, required } from "./shape";

/** Who has to act on an error. */
export enum ErrorActor {
  /** The program asked for what cannot be, and has to change. */
  PROGRAM = "program",
  /** The program may be right: what it runs in, or what it asks, has to change. */
  ENVIRONMENT = "environment",
}

// The begin of a line, as jsii passes it on ("BackupsUsageError: …") or as a synthesis lists it ("[path] …").
const CODED = /^(?:\w*Error: |- )*(?:\[.*?\] (?=[A-Z_]+: ))?(?:\w*Error: )*([A-Z_]+): /;

/**
 * What an error of this library says to a program that has its text alone: in Python, Java, C# and Go
 * every error arrives as a general one with the message. In TypeScript `BackupsError` has it all.
 *
 * `ErrorReport.of(str(error))` in Python; docs/errors.md has all codes.
 */
export class ErrorReport {
  /**
   * The report of the first error of this library that the text tells; undefined where it tells none.
   * @param text The message of what was caught.
   * @throws `INVALID_PROPERTY` for what is no text.
   */
  public static of(text: string): ErrorReport | undefined {
    return ErrorReport.read(text, "ErrorReport.of")[0];
  }

  /**
   * The reports of all errors of this library that the text tells, in its order: a synthesis tells those
   * of all stacks at once. A code that is told several times comes once.
   * @param text The message of what was caught.
   * @throws `INVALID_PROPERTY` for what is no text.
   */
  public static allOf(text: string): ErrorReport[] {
    return ErrorReport.read(text, "ErrorReport.allOf");
  }

  private static read(text: string, source: string): ErrorReport[] {
    checkedValue("text", text, required(ANY_TEXT), { source });
    // What the cloud or a person wrote never begins a line of a message, so it can't pass for a code.
    const codes = text.split("\n").map((line) => CODED.exec(line.trim())?.[1] ?? "");
    return [...new Set(codes)].flatMap((code) => {
      const known = Object.entries(ERROR_CODES).find(([name]) => name === code);
      return known ? [new ErrorReport(code, known[1].actor as ErrorActor, known[1].meaning)] : [];
    });
  }

  private constructor(
    /** What the error is known by: `NO_CREDENTIALS`, `INSTANCE_NOT_FOUND`, … */
    public readonly code: string,
    /** Who has to act. */
    public readonly actor: ErrorActor,
    /** What the code means, in a sentence. */
    public readonly meaning: string,
  ) {}
}

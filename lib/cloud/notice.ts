import { printable } from "../model/text";

let write = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Tells people something, on one line of standard output: the `cdktf` command shows an app's standard
 * output as it is, and its standard error as errors.
 */
export function tell(line: string): void {
  write(printable(line));
}

/** From here on each line goes there, in the whole process: for a program whose standard output is data. */
export function tellTo(other: (line: string) => void): void {
  write = other;
}

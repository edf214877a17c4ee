import { printable } from "../model/text";

/**
 * Tells people something, on one line of standard output: the `cdktf` command shows an app's standard
 * output as it is, and its standard error as errors.
 */
export function tell(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

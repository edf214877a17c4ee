import { printable } from "../model/text";

let people: NodeJS.WritableStream | undefined = process.stdout;

/** Where people read, in place of standard output, which the command keeps for data; undefined: nowhere. */
export function tellPeopleAt(stream: NodeJS.WritableStream | undefined): void {
  people = stream;
}

/**
 * Tells people something, on one line of standard output: the `cdktf` command shows an app's standard
 * output as it is, and its standard error as errors.
 */
export function tell(line: string): void {
  people?.write(`${printable(line)}\n`);
}

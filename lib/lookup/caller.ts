import { Question } from "../query/question";
import { Lookup, Source } from "./lookup";
import { Session } from "./session";

/** Who declares questions: a construct, or a command. */
export interface Caller {
  readonly session: Session;
  /** Under which errors and locks name it. */
  readonly constructPath: string;
  /** Until a question is needed, a nearer provider may still be declared. */
  readonly findSource: () => Source;
}

/** A question of the caller's, put with the others; `hooks` are those of `Lookup`. */
export function declareFor<T>(
  { session, constructPath, findSource }: Caller,
  question: Question<T>,
  hooks: Pick<Lookup<T>, "isSpared" | "onSettled"> = {},
): Lookup<T> {
  const lookup = { question, constructPath, findSource, ...hooks };
  session.declare(lookup);
  return lookup;
}

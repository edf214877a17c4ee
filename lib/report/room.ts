import { count } from "../restore/rules/measure";
import { belowPart, Drawing } from "./below";
import { LaneJudgement } from "./judgement";
import { bytesOf, Markup } from "./markup";

// Rows of tables: of each, and of all, so that a report of a whole project stays small.
const MOST_ROWS_EACH = 100;
const MOST_ROWS = 1_500;

/** What opens below the lines of the first lanes, and what is to be told of the others. */
export interface Below {
  readonly parts: readonly (Markup | undefined)[];
  readonly note: string;
}

/** Of each lane, with drawings and tables, the rows of which end somewhere. */
export function allBelow(lanes: readonly LaneJudgement[], drawing: Drawing): Below["parts"] {
  let rowsLeft = MOST_ROWS;
  return lanes.map((judgement, i) => {
    const rows = Math.min(MOST_ROWS_EACH, rowsLeft);
    rowsLeft -= Math.min(rows, judgement.lane.backups.length);
    return belowPart(judgement, i, drawing, rows);
  });
}

/**
 * As much of it as there is room for: drawings and tables of the first, the worst, and sentences of the others; of
 * the last nothing where these don't fit either.
 * @param room In bytes.
 */
export function belowInRoom(
  lanes: readonly LaneJudgement[],
  drawing: Drawing,
  room: number,
): Below {
  const wholes = allBelow(lanes, drawing);
  if (sumOf(wholes.map(sizeOf)) <= room) return { parts: wholes, note: noteOf(0, 0, 0) };
  const briefs = lanes.map((lane, i) => belowPart(lane, i, drawing));
  const [long, short] = [wholes.map(sizeOf), briefs.map(sizeOf)];
  const left = room - sumOf(short);
  const more = long.map((size, i) => Math.max(0, size - short[i]!));
  const drawn = left >= 0 ? fitting(more, left) : fitting(long, room / 2);
  const told = drawn + fitting(short.slice(drawn), room - sumOf(long.slice(0, drawn)));
  const parts = [...wholes.slice(0, drawn), ...briefs.slice(drawn, told)];
  return { parts, note: noteOf(lanes.length, drawn, told) };
}

function noteOf(all: number, drawn: number, told: number): string {
  const parts = [
    "Of the first instances alone the backups are listed.",
    ...(drawn < all
      ? [
          `For want of room the last ${count(all - drawn, "instance")} have no drawings and lists below their line.`,
        ]
      : []),
    ...(told < all ? [`The last ${count(all - told, "instance")} have nothing below it.`] : []),
  ];
  return ` ${parts.join(" ")}`;
}

// With the element around it.
function sizeOf(below: Markup | undefined): number {
  return below === undefined ? 0 : bytesOf(below) + 100;
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, each) => sum + each, 0);
}

/** How many of the first fit. */
function fitting(sizes: readonly number[], room: number): number {
  let left = room;
  const past = sizes.findIndex((size) => (left -= size) < 0);
  return past < 0 ? sizes.length : past;
}

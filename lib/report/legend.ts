import { Markup, markup } from "./markup";

/** What each sign means, with the sign. */
export function legend(isBinned: boolean, windowGap: string): Markup {
  const signs: [Markup, string][] = isBinned ? BINS : EACH;
  const items = [...signs, ...always(windowGap)].map(
    ([sign, text]) =>
      markup`<li><svg viewBox="0 0 28 24" aria-hidden="true">${sign}</svg><span>${text}</span></li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

const EACH: [Markup, string][] = [
  [markup`<path class="full" d="M14 1v22"/>`, "usable full backup"],
  [markup`<path class="incremental" d="M2 12h24"/>`, "incremental, from begin to end"],
  [markup`<path class="failed" d="M11 5h6v14h-6z"/>`, "failed"],
  [markup`<path class="building" d="M11 18v-10a3 3 0 0 1 6 0v10z"/>`, "being made"],
  [markup`<path class="other" d="M14 14v8"/>`, "not usable for another reason"],
  [
    markup`<circle class="chosen" cx="14" cy="12" r="8"/>`,
    "chosen for a restore (a diamond: a moment)",
  ],
];

const BINS: [Markup, string][] = [
  [markup`<path class="full" d="M8 1v22M12 1v22M20 1v22"/>`, "columns with a usable full backup"],
  [markup`<path class="incremental" d="M2 12h24"/>`, "incremental"],
  [markup`<path class="bin failed" d="M12 12h4"/>`, "failed (short, in the middle)"],
  [markup`<path class="bin building" d="M12 18h4"/>`, "being made (low)"],
  [markup`<path class="bin other" d="M12 18h4"/>`, "not usable for another reason (low)"],
  [
    markup`<circle class="chosen" cx="14" cy="12" r="8"/>`,
    "chosen for a restore (a diamond: a moment)",
  ],
];

const always = (windowGap: string): [Markup, string][] => [
  [markup`<rect class="window" y="9" width="28" height="5"/>`, "any moment can be restored to"],
  [
    markup`<rect class="gap" width="28" height="24"/>`,
    `gap: more than ${windowGap} between or after restore windows; without windows, longer than the RPO without the begin of a usable backup, as the list has it now`,
  ],
  [markup`<rect class="unasked" width="28" height="24"/>`, "not asked for, or not known"],
  [
    markup`<path class="rpo" d="M14 0v24"/>`,
    "the RPO before now: a usable backup should lie right of it",
  ],
];

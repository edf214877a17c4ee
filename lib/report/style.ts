/** The colours of a scheme; texts are at least 4.5 : 1 on their ground, shapes 3 : 1. */
export const LIGHT = {
  ground: "#ffffff",
  raised: "#f6f8fa",
  ink: "#1b1f24",
  muted: "#57606a",
  line: "#d0d7de",
  link: "#0b5cad",
  full: "#0b5cad",
  incremental: "#57606a",
  failed: "#b42318",
  building: "#8a5a00",
  other: "#6e7781",
  window: "#1a7f4b",
  gap: "#fde8e4",
  hatch: "#d4573f",
  limit: "#9a3412",
  chosen: "#7a2fd0",
  area: "#dbe9f9",
  usual: "#dcefe2",
  good: "#17683c",
  bad: "#b42318",
};

export const DARK: typeof LIGHT = {
  ground: "#12161c",
  raised: "#1a2028",
  ink: "#e6edf3",
  muted: "#9aa7b4",
  line: "#343c46",
  link: "#7cbcff",
  full: "#6cb2ff",
  incremental: "#9aa7b4",
  failed: "#ff8b80",
  building: "#e0b050",
  other: "#8b949e",
  window: "#4fc38a",
  gap: "#3a1d1c",
  hatch: "#d9685c",
  limit: "#ffb077",
  chosen: "#c9a2ff",
  area: "#1b2c42",
  usual: "#1b3326",
  good: "#5fd39a",
  bad: "#ff8b80",
};

const variables = (colours: typeof LIGHT) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value};`)
    .join("");

// What uPlot needs of its own style sheet comes last.
export const STYLE = `
:root{${variables(LIGHT)}color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1.5rem;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0 .5rem;padding-left:.75rem;border-left:.4rem solid}
h1.good{border-color:var(--good)}h1.bad{border-color:var(--bad)}h1.unknown{border-color:var(--building)}
h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:.95rem;margin:0}h4{font-size:.9rem;margin:.75rem 0 .25rem}
p{margin:.25rem 0}a{color:var(--link)}code{font-size:.85em}
.muted,caption,.state{color:var(--muted)}
nav ul,.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.5rem 0;padding:0}
.legend{font-size:.8rem;color:var(--muted)}.legend li{display:flex;align-items:center;gap:.4rem}
.legend svg{width:28px;height:24px;flex:none}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.25rem .5rem;z-index:2}
.row{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:0 1rem;align-items:center}
.axis-row{position:sticky;top:0;background:var(--ground);z-index:1;padding-top:.25rem}
.lane,#lanes{scroll-margin-top:2.5rem}.lane{border-top:1px solid var(--line);padding:.4rem 0;content-visibility:auto;contain-intrinsic-size:auto 4.6rem}
.lane.is-open{contain-intrinsic-size:auto 40rem}
.state{font-size:.8rem}.state b{color:var(--ink)}
.over-state b,.none-state b{color:var(--bad)}.met-state b{color:var(--good)}.unknown-state b{color:var(--building)}
summary{cursor:pointer;font-size:.8rem;color:var(--link);width:fit-content}
details>.row{margin:.6rem 0}details details{margin:.5rem 0}details>p,details>.table,.plot p{font-size:.85rem}.cap{font-size:.8rem;align-self:start}.cap h4{margin:0}
svg{display:block;width:100%;height:auto;overflow:visible}.defs{position:absolute}
svg text{font-size:12.5px;fill:var(--muted)}.scale,.limit-text,.older{paint-order:stroke;stroke:var(--raised);stroke-width:3px}svg .now-text{fill:var(--ink)}
.lane-svg,.strip-svg{background:var(--raised);overflow:hidden}
svg path{fill:none;stroke-width:1.5}
.grid{stroke:var(--line)}.now{stroke:var(--ink)}.rpo,.limit{stroke:var(--limit);stroke-dasharray:5 3}svg .limit-text{fill:var(--limit)}
.full{stroke:var(--full);stroke-width:3}.incremental{stroke:var(--incremental);stroke-width:6}
.failed{stroke:var(--failed);stroke-width:1.75;fill:var(--ground)}.building{stroke:var(--building);stroke-dasharray:3 2}.other{stroke:var(--other);stroke-width:3}
.bin.full{stroke-width:24}.bin.incremental{stroke-width:4}.bin.failed{stroke-width:9}.bin.building{stroke-width:6;stroke-dasharray:none}.bin.other{stroke-width:6}
.window{fill:var(--window)}.chosen{stroke:var(--chosen);stroke-width:2.5;fill:none}
.gap{fill:url(#gap)}.gap-ground{fill:var(--gap)}.gap-line{stroke:var(--hatch);stroke-width:1}
.unasked{fill:url(#unasked)}.unasked-dot{fill:var(--other)}
.age-area{fill:var(--area);stroke:none}.age-line{stroke:var(--full)}.over{fill:url(#gap);stroke:var(--failed)}
.age-bins,.size-bins{fill:var(--full);stroke:none}
.usual{fill:var(--usual)}.size-line{stroke:var(--full);stroke-width:1}.size-dots{stroke:var(--full);stroke-width:5;stroke-linecap:round}
.size-line.manual{stroke:var(--chosen);stroke-dasharray:4 3}.size-dots.manual{stroke:var(--chosen);stroke-linecap:square}.size-bins.manual{fill:var(--chosen)}
.table{overflow-x:auto;margin:.5rem 0}table{border-collapse:collapse;font-size:.8rem;width:100%}caption{text-align:left;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid var(--line);min-width:5.5rem}th{border-top:0;color:var(--muted);font-weight:600}td{overflow-wrap:break-word}td:first-child{white-space:nowrap}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1rem;font-size:.85rem}dt{color:var(--muted)}dd{margin:0}
button{font:inherit;font-size:.8rem;color:var(--link);background:var(--ground);border:1px solid currentColor;border-radius:.25rem;padding:.1rem .5rem;margin-top:.25rem;cursor:pointer}
[hidden],.away{display:none}output{font-size:.75rem;color:var(--muted);display:block}
@media (max-width:50rem){.lanes{overflow-x:auto}.row{grid-template-columns:minmax(0,1fr);min-width:40rem}.axis-row{position:static}.cap{padding-bottom:.25rem}}
@media print{.away{display:block}body{max-width:none;padding:0;font-size:10pt}.axis-row{position:static}.lane{content-visibility:visible;break-inside:avoid}.skip,nav,button,.plot>div,details:not([open])>summary{display:none}.row{grid-template-columns:minmax(0,1fr)}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.uplot{width:min-content}.u-wrap{position:relative;user-select:none}.u-over,.u-under{position:absolute}.u-under{overflow:hidden}.uplot canvas{display:block;position:relative;width:100%;height:100%}.u-axis{position:absolute}
.u-select{background:var(--hatch);opacity:.25;position:absolute;pointer-events:none}.u-cursor-x,.u-cursor-y{position:absolute;left:0;top:0;pointer-events:none}.u-hz .u-cursor-x{height:100%;border-right:1px dashed var(--muted)}.u-hz .u-cursor-y{width:100%;border-bottom:1px dashed var(--muted)}.u-cursor-pt{position:absolute;top:0;left:0;border-radius:50%;border:0 solid;pointer-events:none;background-clip:padding-box!important}.u-off{display:none}
`;

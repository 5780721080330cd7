/** The style of the HTML report, for light and dark themes, for a wide screen and for a phone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --dim: #5b6775; --line: #d9dfe5; --paper: #fff; --blue: #2563c9; --band80: #2563c944; --band95: #2563c91f; --came: #c2410c; --mark: #fdf3d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --dim: #9aa7b5; --line: #36414d; --paper: #151b22; --blue: #6ea3f5; --band80: #6ea3f555; --band95: #6ea3f528; --came: #fb923c; --mark: #3a3420; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1000px; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; } h3 { margin: 1.6em 0 0; } h4 { margin: .8em 0 0; font-weight: 600; }
small, .note, figcaption { color: var(--dim); font-weight: 400; }
.verdict { font-size: 1.1em; margin: .4em 0; padding-left: .8em; border-left: 4px solid var(--blue); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .25em .6em; text-align: right; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
td { white-space: nowrap; }
tr.auto td { background: var(--mark); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; color: var(--dim); font-size: .9em; } dd { margin: 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 1em 1.5em; }
figure { margin: 0; min-width: 0; } figcaption { font-size: .9em; }
.frame { display: flex; height: 190px; } .values { position: relative; width: 4.2em; flex: none; font-size: 12px; color: var(--dim); }
.values span { position: absolute; right: .5em; transform: translateY(-50%); white-space: nowrap; }
svg { flex: 1; min-width: 0; height: 100%; overflow: visible; }
.times { display: flex; justify-content: space-between; margin-left: 4.2em; font-size: 12px; line-height: 1.3; color: var(--dim); text-align: center; white-space: nowrap; }
.times span:first-child { text-align: left; } .times span:last-child { text-align: right; }
svg path, svg line { fill: none; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
svg .observed { stroke: var(--dim); } svg .came { stroke: var(--came); stroke-width: 1.8; } svg .forecast { stroke: var(--blue); stroke-width: 2.4; }
svg path.band80 { fill: var(--band80); } svg path.band95 { fill: var(--band95); }
svg .grid { stroke: var(--line); stroke-width: 1; } svg .origin { stroke: var(--dim); stroke-dasharray: 4 4; }
.legend span { margin-right: 1.2em; white-space: nowrap; } .legend span::before { content: ""; display: inline-block; width: 1.4em; height: 3px; margin-right: .4em; vertical-align: middle; }
.legend .observed::before { background: var(--dim); } .legend .forecast::before { background: var(--blue); } .legend .came::before { background: var(--came); }
.legend .band80::before { background: var(--band80); height: .7em; } .legend .band95::before { background: var(--band95); height: .7em; }
.narrow { display: none; }
@media (max-width: 600px) { body { margin: 1em auto; } table { font-size: 13px; } th, td { padding: .3em .35em; } .extra { display: none; } .narrow { display: block; } dl { grid-template-columns: 1fr; } dt { font-weight: 600; } dd { margin-bottom: .4em; } }
`;

/** The look of the HTML report, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --dim: #6b7785; --line: #d9dfe5; --paper: #fff; --blue: #2563c9; --band80: #2563c944; --band95: #2563c91f; --observed: #1c2733; --mark: #fdf3d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --dim: #93a0ae; --line: #36414d; --paper: #151b22; --blue: #6ea3f5; --band80: #6ea3f555; --band95: #6ea3f528; --observed: #e3e8ee; --mark: #3a3420; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1000px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; overflow-wrap: anywhere; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; } h3 { margin: 1.6em 0 0; overflow-wrap: anywhere; } h4 { margin: .8em 0 0; font-weight: 600; }
small, .note { color: var(--dim); font-weight: 400; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25em .6em; text-align: right; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
tr.auto td { background: var(--mark); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; color: var(--dim); font-size: .9em; } dd { margin: 0; }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--dim); }
svg path { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
svg .observed { stroke: var(--observed); } svg .forecast { stroke: var(--blue); stroke-width: 2.2; }
svg path.band80 { fill: var(--band80); } svg path.band95 { fill: var(--band95); }
svg .grid { stroke: var(--line); } svg .origin { stroke: var(--dim); stroke-dasharray: 4 4; }
.legend span { margin-right: 1.2em; } .legend span::before { content: ""; display: inline-block; width: 1.4em; height: .7em; margin-right: .4em; }
.legend .observed::before { background: var(--observed); height: 2px; vertical-align: middle; } .legend .forecast::before { background: var(--blue); height: 3px; vertical-align: middle; }
.legend .band80::before { background: var(--band80); } .legend .band95::before { background: var(--band95); }
`;

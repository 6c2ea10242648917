/** How the report looks, in light and dark, on paper and on a phone. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --ink: #1d2420; --quiet: #5c6660; --rule: #dfe3df; --shade: #eef0ec;
  --c1: #1f6fb5; --c2: #c2570c; --c3: #7d8792; --c4: #2e7d4f; --c5: #8b4bb0; --c6: #a08212;
  --good: #1e6b3e; --goodback: #e3f3e8; --bad: #a3231f; --badback: #fbe7e5; --warn: #7a5200; --warnback: #fdf1d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #151917; --card: #1d2220; --ink: #e8ece9; --quiet: #a3ada7; --rule: #343b37; --shade: #242a27;
    --c1: #6db1ee; --c2: #f29a57; --c3: #98a2ab; --c4: #74c596; --c5: #c79ae2; --c6: #d9bd52;
    --good: #8fdcab; --goodback: #173524; --bad: #ff9d94; --badback: #441b19; --warn: #f3cd78; --warnback: #3d2f0d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
h3 { margin: 0 auto 0 0; font-size: 1rem; font-weight: 600; }
p { margin: .25rem 0 .75rem; max-width: 45rem; overflow-wrap: anywhere; }
.when, .note { color: var(--quiet); font-size: .875rem; }
.verdict { display: inline-block; margin: .5rem .5rem 0 0; padding: .3rem .8rem; border-radius: .5rem; font-weight: 600; }
.verdict.good { color: var(--good); background: var(--goodback); }
.verdict.bad { color: var(--bad); background: var(--badback); }
.verdict.warn { color: var(--warn); background: var(--warnback); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.75rem 0 0; }
.tiles div { padding: .8rem 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; }
.tiles dt { color: var(--quiet); font-size: .875rem; }
.tiles dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles dd.note { font-size: .875rem; font-weight: 400; }
figure { margin: 0 0 1rem; padding: .9rem 1rem .4rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; }
figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; margin-bottom: .4rem; }
.key { font-size: .875rem; color: var(--quiet); }
.key::before { content: ''; display: inline-block; width: .9rem; height: .2rem; margin-right: .4rem; vertical-align: middle; border-radius: 1px; background: currentColor; }
figure div { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; }
svg .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
svg .bar { fill: currentColor; }
svg .grid { stroke: var(--rule); }
svg .shade { fill: var(--shade); }
svg .tick { fill: var(--quiet); font: 12px system-ui, sans-serif; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .point { fill: transparent; }
svg .point:hover { fill: currentColor; fill-opacity: .08; }
.key.c1::before, svg .c1 { color: var(--c1); } .key.c2::before, svg .c2 { color: var(--c2); } .key.c3::before, svg .c3 { color: var(--c3); }
.key.c4::before, svg .c4 { color: var(--c4); } .key.c5::before, svg .c5 { color: var(--c5); } .key.c6::before, svg .c6 { color: var(--c6); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th { font-weight: 600; }
thead th { color: var(--quiet); font-size: .875rem; }
th:first-child, .words { text-align: left; }
td.words { white-space: normal; overflow-wrap: anywhere; }
.pairs th { width: min(14rem, 42%); white-space: normal; }
@media print { body { background: none; } figure, .tiles div { break-inside: avoid; } }
`;

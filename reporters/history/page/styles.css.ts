/** The style of the history: the certificate's, plus the charts. Line colours differ in lightness too. */
export const historyStyles = `
:root{--s0:#1f4e79;--s1:#c2571a;--s2:#2f7d4f;--s3:#8a3b8f;--s4:#9a7b00;--s5:#0f8a8a;--s6:#b03060;--s7:#5b5b5b;--danger:rgba(160,28,28,.10)}
@media (prefers-color-scheme:dark){:root{--s0:#8ab8e6;--s1:#f09a5f;--s2:#7fd3a0;--s3:#d79be0;--s4:#e3c54d;--s5:#5fd0d0;--s6:#f28db0;--s7:#b8b8b8;--danger:rgba(255,149,140,.14)}}
.sheet+.sheet{margin-top:2rem}
.masthead .verdict{margin-bottom:1.25rem}.told{max-width:54rem}
.parts>section{margin-top:3.25rem}
.matrix th[scope=row]{width:55%;padding-right:1.25rem}.matrix thead th:not(:first-child),.matrix td{text-align:center;padding-left:.25rem;padding-right:.25rem}
.matrix td{vertical-align:middle}.matrix td .mark{margin:0;width:1.25rem;height:1.25rem;vertical-align:middle}.matrix td.old{opacity:.55}.matrix td.is-failed{background:var(--danger)}
.matrix .name{display:block;font-weight:600}.matrix .name .small{font-weight:400}.state{white-space:nowrap;font-size:.875rem}
.contents{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.1rem 1.5rem;margin:.75rem 0 0;padding-left:1.4rem}
.plot{min-width:0;overflow:hidden}.tape{display:block;min-height:26px;margin-top:.3rem}
.failing{margin:0 0 1.5rem;padding:0 0 1rem;border-bottom:1px solid var(--line)}.failing h3,.chart h3{font-family:var(--sans);font-size:.9375rem;font-weight:600;margin:0 0 .35rem}.failing h3 .small,.chart h3 .small{display:block;font-weight:400}.failing h3 code,.chart h3 code{font-size:.875rem}
.failing .message{font-weight:400;color:var(--bad)}
.regressions th[scope=row]{width:46%;font-weight:400}.regressions th[scope=row] .small{display:block}.regressions td{font-size:.875rem}
.places{list-style:none;margin:0;padding:0;display:grid;gap:.6rem}.places>li{display:grid;grid-template-columns:minmax(0,1fr) minmax(8rem,38%);gap:1.25rem;align-items:center}.places p{margin:0}
.changed{font-size:.875rem;color:var(--quiet)}.change{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 .45rem;color:var(--ink);background:var(--soft);margin:.15rem .15rem 0 0}
.legend{position:sticky;top:0;z-index:2;background:var(--paper);padding:.75rem 0 .5rem;margin-top:3.25rem;border-bottom:1px solid var(--line)}.legend p{margin:0 0 .35rem}.legend ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.35rem}
button{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:3px;cursor:pointer}.legend button{font-size:.8125rem;padding:.2rem .6rem;display:inline-flex;gap:.45rem;align-items:center;min-height:1.9rem}
.legend button[aria-pressed=true]{background:var(--soft);border-color:var(--quiet)}.legend button[aria-pressed=false]{color:var(--quiet)}.legend button[aria-pressed=false] svg{opacity:.35}
.legend line{stroke-width:3}.dashed{stroke-dasharray:6 3}${[0, 1, 2, 3, 4, 5, 6, 7].map((each) => `.line-${each}{stroke:var(--s${each})}`).join('')}
.parts>.legend~section{margin-top:2rem}.chart{margin:0 0 2rem}.chart figcaption{margin:0 0 .4rem;font-size:.9375rem}.chart .warning{margin:0 0 .2rem;font-size:.875rem;color:var(--bad)}
.readout{display:flex;gap:.35rem;align-items:center;margin:.25rem 0 0;min-height:2rem}.readout button{flex:none;width:2rem;height:2rem;line-height:1}.readout output{overflow-wrap:anywhere;margin-left:.4rem}
select{font:inherit;font-size:.8125rem;max-width:100%;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:3px;padding:.25rem}
.u-hz .u-cursor-x{border-right:1px solid var(--quiet)}.uplot{font-family:inherit}
@media screen and (max-width:44rem){.matrix th[scope=row]{width:auto;min-width:9.5rem;padding-right:.5rem}.matrix td,.matrix thead th:not(:first-child){padding-left:.05rem;padding-right:.05rem}.matrix td .mark{width:1.05rem;height:1.05rem}.places>li{grid-template-columns:minmax(0,1fr);gap:.25rem}.legend{position:static;margin-top:2.5rem}.state+.small{display:block}}
@media print{.legend,.readout{display:none}}
`;

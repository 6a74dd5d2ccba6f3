/** The style of the certificate. Colours meet WCAG AA contrast in both schemes; meaning never depends on them. */
import { printStyles } from './print.css.ts';

const base = `
:root{color-scheme:light dark;--paper:#fffefb;--ground:#f1efe9;--ink:#1d1b18;--quiet:#5d584f;--line:#ddd7ca;--soft:#f6f3ec;--good:#17633f;--bad:#a01c1c;--warn:#7d4f00;--wait:#5d584f;--bar:#4b6f8f;--around:#d3d9dd;--band:#bcd6c8;--accent:var(--quiet);
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","URW Palladio L",P052,Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#1b1a18;--ground:#121110;--ink:#ece8df;--quiet:#aaa397;--line:#3a3732;--soft:#242220;--good:#74cf9f;--bad:#ff958c;--warn:#e8b45c;--wait:#aaa397;--bar:#86add0;--around:#3d4246;--band:#2f5442}}
*{box-sizing:border-box}
html{font:16px/1.5 var(--sans);color:var(--ink);background:var(--ground);-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:auto}
body{margin:0;padding:2rem 1rem 4rem;overflow-wrap:break-word}
.sheet{max-width:66rem;margin:0 auto;background:var(--paper);border:1px solid var(--line);outline:1px solid var(--line);outline-offset:-7px;padding:2.5rem clamp(1.25rem,5vw,4rem) 2.5rem}
h1,h2,h3,h4,h5,p,figcaption,li{overflow-wrap:anywhere}h1,h2,h3,.headline,.maker{font-family:var(--serif);font-weight:500;line-height:1.2;text-wrap:balance}
h2{font-size:1.55rem;margin:0 0 1rem}
h3{font-size:1.15rem;margin:0 0 .75rem}h4{font-size:1rem;margin:0}h5,.side{font-size:.8125rem;font-weight:600;margin:0 0 .25rem}
p{margin:0 0 .5rem}a{color:inherit;text-decoration-color:var(--quiet);text-underline-offset:.2em}
a:hover{text-decoration-thickness:2px}:focus-visible{outline:2px solid var(--bar);outline-offset:2px}
code,pre{font-family:var(--mono);font-size:.8125rem;overflow-wrap:anywhere}
pre{margin:0;padding:.625rem .75rem;background:var(--soft);border-radius:3px;white-space:pre-wrap;line-height:1.45;max-height:26rem;overflow:auto;tab-size:4}
.small,caption{font-size:.8125rem;color:var(--quiet)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem 1rem}
.each{display:inline-block}.number{display:inline-block;min-width:1.4em;color:var(--quiet);font-variant-numeric:tabular-nums}
table{overflow-wrap:break-word;border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:baseline;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-size:.8125rem;color:var(--quiet);border-bottom-color:var(--quiet)}caption{text-align:left;padding-bottom:.375rem}
dl{margin:0}dd{margin:0}dt{color:var(--quiet)}
.scroll{overflow-x:auto}
`;

const masthead = `
.verdict-certified{--accent:var(--good)}.verdict-partial,.verdict-interrupted,.verdict-empty,.verdict-not{--accent:var(--warn)}.verdict-failed{--accent:var(--bad)}
.maker{font-size:1rem;margin:0 0 1.5rem;letter-spacing:.01em}.maker span{color:var(--quiet);font-style:italic}
.verdict{display:flex;gap:1.75rem;align-items:center;margin-bottom:1.75rem}
.headline{font-size:clamp(2.1rem,6vw,3.25rem);color:var(--accent);margin:0 0 .15rem;line-height:1.1;letter-spacing:-.01em}
h1{font-size:clamp(1.25rem,3vw,1.6rem);margin:0 0 .5rem}.reason{margin:0;color:var(--quiet)}
.seal{flex:none;color:var(--accent);fill:none;stroke:currentColor;stroke-width:5;stroke-linecap:round;stroke-linejoin:round}
.seal .ring{stroke-width:1.25}.seal .milled{stroke-width:7;stroke-dasharray:1 2.06;stroke-linecap:butt;opacity:.55}
.sandbox{display:flex;gap:1rem;align-items:baseline;font-size:.875rem;color:var(--quiet);margin:0 0 1.75rem;max-width:54rem}
.sandbox strong{flex:none;color:var(--warn);border:1.5px solid;border-radius:3px;padding:.1rem .55rem;font:500 1.0625rem/1.4 var(--serif)}
.drift{border-left:4px solid var(--warn);padding:.2rem 0 .2rem .75rem;margin:.25rem 0 .75rem;overflow-wrap:anywhere}.drift-mark{color:var(--warn);border:1px solid;border-radius:3px;padding:0 .35rem;font-size:.75rem;white-space:nowrap}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,auto));gap:.9rem 1.75rem;padding:.9rem 0;margin-bottom:1.5rem;font-size:.9375rem;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.facts dt{font-size:.8125rem}.facts dd .each{display:block}.facts>div{max-width:20rem;overflow-wrap:anywhere}
.first-failure{border:1px solid var(--bad);border-left-width:5px;border-radius:3px;padding:1.1rem 1.25rem .75rem;margin:0 0 1.75rem}
.first-failure h2{font-size:1.25rem;margin:0 0 .35rem;color:var(--bad)}.path{margin:0 0 .35rem}.in{color:var(--quiet)}
.message{font-weight:600;overflow-wrap:anywhere}.code{font:400 .75rem var(--mono);color:var(--quiet)}
.next{margin:.75rem 0 .5rem;overflow-wrap:anywhere}.next strong{color:var(--bad);margin-right:.4rem}
.comparison{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:.75rem;margin:.5rem 0}.comparison>div{min-width:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;list-style:none;padding:0;margin:1rem 0 0;font-size:.875rem}
main>section{margin-top:3.25rem}footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.8125rem;color:var(--quiet)}
`;

const parts = `
.mark{width:1em;height:1em;vertical-align:-.13em;margin-right:.35em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;flex:none}
.is-passed{color:var(--good)}.is-failed{color:var(--bad)}.is-interrupted,.is-blocked{color:var(--warn)}.is-not-run{color:var(--wait)}
.grid td{white-space:nowrap}.badge{white-space:nowrap}.grid tbody a{text-decoration:none}.grid tbody a:hover{text-decoration:underline}.left-out{color:var(--quiet)}
.pages{display:grid;gap:2rem}.pair h3{font-family:var(--sans);font-size:1rem;font-weight:600;margin:0 0 .5rem}.pair h3 .small{font-weight:400}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1.25rem}
figure{margin:0;min-width:0}.figures figure{max-width:30rem}figcaption{font-size:.875rem;margin-top:.4rem;overflow-wrap:anywhere}figure img{display:block;width:100%;height:auto;border:1px solid var(--line)}.page-title{margin:0 .4em}
.no-picture{border:1px dashed var(--line);color:var(--quiet);font-size:.8125rem;min-height:7rem;display:grid;place-items:center;padding:1rem;text-align:center}
.lab-section{margin-top:2.25rem}.lab-section>h3{font-size:1.3rem;border-bottom:1px solid var(--quiet);padding-bottom:.4rem}
article{margin:1.5rem 0 2rem}article>header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1.5rem;align-items:baseline;margin-bottom:.4rem}
.outcomes{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;margin:0;font-size:.875rem}
.aside{font-size:.875rem;border-left:3px solid var(--line);padding-left:.75rem;overflow-wrap:anywhere}
.steps{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}.steps>li{border-bottom:1px solid var(--line)}
summary{display:grid;grid-template-columns:1rem 4.5rem minmax(0,1fr) minmax(0,auto);gap:.75rem;align-items:baseline;padding:.45rem 0;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}summary::before{content:"+";font-family:var(--mono);color:var(--quiet)}[open]>summary::before{content:"\\2212"}summary:hover .what{text-decoration:underline;text-underline-offset:.2em}
.verb{font-size:.8125rem;color:var(--quiet)}summary .outcomes{color:var(--quiet);font-size:.8125rem;font-variant-numeric:tabular-nums}summary .each{min-width:9.2em}
.what{white-space:pre-line}span.what{font-size:.9rem}.depth{padding:.25rem 0 1.25rem 1.75rem;display:grid;gap:.75rem}.columns.wide{grid-template-columns:minmax(0,1fr)!important}.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.25rem}
.column{min-width:0;display:grid;gap:.75rem;align-content:start}.column>h5{font-size:.875rem;margin:0}.column>h5 .small{font-weight:400}.column>*,.depth>*,.seen>*{min-width:0;max-width:100%}
.seen p{margin:0 0 .25rem}.seen pre+.small{margin-top:.25rem}.prompt,.stderr{color:var(--quiet)}.terminal b{font-weight:600}.prose{font-family:var(--sans)}
.answers table{margin-bottom:.5rem}.answers td{font-size:.8125rem;padding-top:.3rem;padding-bottom:.3rem}
.pairs{font-size:.8125rem;display:grid;gap:.15rem}.pairs>div{display:grid;grid-template-columns:5.5rem minmax(0,1fr);gap:.5rem}.pairs dd{overflow-wrap:anywhere}
.expectation{font-size:.875rem}.expectation>p>.mark{color:inherit}.expectation>p>span:last-child,.expectation dl,.expectation .comparison{color:var(--ink)}.outcome{font-family:var(--mono)}
.failure{border-left:3px solid var(--bad);padding-left:.75rem;display:grid;gap:.5rem}.failure .next{margin:0}.failure>*{min-width:0}
.not-run{font-size:.875rem;color:var(--quiet);margin-top:.6rem}.not-run ul{margin:.2rem 0 0;padding-left:1.4rem}.not-run p{margin:0}
.sample{font-size:.8125rem}.sample td,.sample thead th{white-space:nowrap}.sample th,.sample td{padding-right:.6rem}.sample .bar{width:45%;min-width:6rem}.sample caption code{font-size:inherit}
svg.share{display:block}.track{fill:var(--line)}.band{fill:var(--band)}.share .seen{fill:var(--bar)}.wanted{stroke:var(--ink);stroke-width:2}
.gantt{margin-bottom:1.5rem}.gantt figcaption{font-weight:600;margin:0 0 .25rem}.gantt svg{display:block}.label{font-size:13px;fill:var(--ink)}.quiet,.axis{fill:var(--quiet)}.axis{font-size:11px;text-anchor:middle}.axis.first{text-anchor:start}
.tick{stroke:var(--line)}rect.around{fill:var(--around)}rect.step{fill:var(--bar);stroke:var(--paper);stroke-width:.75}rect.step.is-failed{fill:var(--bad)}.key svg{vertical-align:-.15em;margin-left:.75rem}.key svg:first-child{margin-left:0}
.departures{margin-bottom:1.5rem;font-size:.875rem}.departures p{margin:0 0 .1rem}.departures summary,.release-figures summary{display:block;padding:.3rem 0;text-decoration:underline;text-underline-offset:.2em}.departures summary::before,.release-figures summary::before{margin-right:.4rem;display:inline-block}.sources{font-size:.8125rem}.sources li{margin-bottom:.3rem}.departures ul{margin:0;padding-left:1.1rem}.departures td:first-child{width:30%}.longest{font-size:.875rem}.longest td:last-child{white-space:nowrap}
`;

const small = `
@media screen and (max-width:44rem){body{padding:0}.sheet{border:0;outline:0;padding:1.5rem 1.1rem 2rem}.maker{margin-bottom:1.25rem}
.verdict{gap:1rem;align-items:flex-start}.seal{width:56px;height:56px}.sandbox{display:block}.sandbox strong{display:inline-block;margin-bottom:.35rem}.masthead{display:flex;flex-direction:column}.first-failure{order:1}.sandbox{order:2}.facts{order:3;gap:.5rem;grid-template-columns:minmax(0,1fr)}.facts>div{display:grid;grid-template-columns:5rem minmax(0,1fr);align-items:baseline;max-width:none}.masthead nav{order:4}
main>section{margin-top:2.5rem}summary{grid-template-columns:1rem minmax(0,1fr);gap:.1rem .5rem}summary .what,summary .outcomes{grid-column:2}.depth{padding-left:0}
.grid th,.grid td{padding-right:.3rem}.grid td{white-space:normal}.grid td .small{display:block}.label{font-size:11px}.longest td:nth-child(2),.longest th:nth-child(2){display:none}.departures thead{display:none}.departures tr,.departures td{display:block;width:auto!important;border:0}.departures tr{border-bottom:1px solid var(--line);padding:.5rem 0}.departures td{padding:.1rem 0}.departures td:first-child{font-weight:600}}
@media (forced-colors:active){.mark,.seal{forced-color-adjust:auto;stroke:CanvasText}}
`;

export const styles = base + masthead + parts + small + printStyles;

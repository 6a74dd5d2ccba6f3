/**
 * On A4: dark on white, every detail open. For steps that passed, YAML and whole objects are left out: their names are enough on
 * paper. Blocks that fit a page are not split.
 */
export const printStyles = `
@page{size:A4;margin:16mm 15mm 18mm}
@media print{:root{color-scheme:light;--paper:#fff;--ground:#fff;--ink:#111;--quiet:#4a463f;--line:#cfc9bd;--soft:#f5f3ee;--good:#17633f;--bad:#a01c1c;--warn:#7d4f00;--wait:#4a463f;--bar:#4b6f8f;--around:#d3d9dd;--band:#bcd6c8}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}html{font-size:10.5pt}body{padding:0}.sheet{border:0;outline:0;padding:0;max-width:none}
nav,.skip{display:none}.maker{margin-bottom:9mm}main>section{margin-top:9mm}
details::details-content{content-visibility:visible;display:block;block-size:auto;height:auto}details:not([open])>*{display:block}summary{display:grid!important;cursor:auto}summary::before{content:""!important}
li:not(:has(.failure)) :is(.object pre,.yaml){display:none}pre{max-height:none;overflow:visible;font-size:8pt}code{font-size:8.5pt}a{text-decoration:none}
h2,h3,h4,h5,article>header,summary,caption,thead{break-after:avoid}tr,figure,.pair,.comparison,.failure>p,.first-failure,.expectation,dl>div{break-inside:avoid}
.lab-section>h3{margin-top:6mm}.figures{grid-template-columns:1fr 1fr}.columns{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}th,td{padding-top:.28rem;padding-bottom:.28rem}.pages{gap:.6rem}.pair h3{margin-bottom:.25rem}figcaption{margin-top:.2rem}.first-failure{padding:.7rem 1rem .4rem}.seal{width:72px;height:72px}.headline{font-size:30pt}.facts{grid-template-columns:repeat(4,auto)}.columns>:only-child{grid-column:1/-1}.scroll{overflow:visible}.sample{min-width:0}
.depth,.column,.failure,.columns.wide{display:block}.depth>*,.column>*,.failure>*{margin-bottom:.5rem}.column>h5,.depth>.seen:first-child,.seen>.small:first-child{break-after:avoid}.yaml{break-inside:avoid}
section:has(>#pages){break-before:page}figure img{width:auto;max-width:100%;max-height:47mm}p,li{orphans:3;widows:3}}
`;

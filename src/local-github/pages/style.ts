/** The stylesheet of every page; light and dark by the reader's system. */
export const style = `
:root { color-scheme: light dark;
  --text: light-dark(#1f2328, #e6edf3); --muted: light-dark(#59636e, #9198a1); --page: light-dark(#ffffff, #0d1117);
  --soft: light-dark(#f6f8fa, #151b23); --line: light-dark(#d1d9e0, #3d444d); --link: light-dark(#0969da, #4493f8);
  --green: light-dark(#1f883d, #238636); --purple: light-dark(#8250df, #8957e5); --red: light-dark(#cf222e, #da3633);
  --grey: light-dark(#59636e, #656c76); --added: light-dark(#dafbe1, #12261e); --removed: light-dark(#ffebe9, #25171c);
  --added-number: light-dark(#aceebb, #1c4328); --removed-number: light-dark(#ffcecb, #542426);
  --hunk: light-dark(#ddf4ff, #121d2f); --chip: light-dark(#ddf4ff, #121d2f); --code: light-dark(#818b981f, #656c7633);
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre, .branch, .path { font-family: var(--mono); font-size: 12px; }
.muted { color: var(--muted); } .muted a { color: inherit; } .strong { font-weight: 600; } .grow { flex: 1; min-width: 0; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 24px; padding: 14px 24px; background: var(--soft); border-bottom: 1px solid var(--line); }
.top a { color: var(--text); font-weight: 500; } .top nav { display: flex; gap: 16px; } .brand { display: flex; align-items: center; gap: 8px; }
.top .brand { font-weight: 600; font-size: 16px; } .brand img { width: 26px; } .top .note { color: var(--muted); font-size: 12px; margin-left: auto; }
.repository-head { background: var(--soft); border-bottom: 1px solid var(--line); padding: 14px 24px 0; }
.repository-head h1 { font-size: 18px; font-weight: 400; margin: 0 0 10px; }
.tabs { display: flex; gap: 4px; } .tabs a { padding: 6px 12px 9px; color: var(--text); border-bottom: 2px solid transparent; }
.tabs a.current { font-weight: 600; border-color: #fd8c73; } .tabs a:hover { text-decoration: none; background: var(--code); border-radius: 6px 6px 0 0; }
.count, .badge, .fact, .label, .topic { display: inline-block; font-size: 12px; line-height: 18px; border-radius: 2em; padding: 0 7px; white-space: nowrap; }
.count { background: var(--code); } .badge { border: 1px solid var(--line); color: var(--muted); }
.fact { border: 1px solid var(--line); color: var(--muted); font-weight: 500; margin-left: 4px; text-transform: capitalize; }
.fact.archived { color: light-dark(#9a6700, #d29922); border-color: currentcolor; }
.label { background: var(--chip); color: var(--link); font-weight: 500; margin-left: 4px; border: 1px solid var(--line); }
.topic { background: var(--chip); color: var(--link); margin: 0 4px 4px 0; } .topics { margin-top: 6px; }
main { max-width: 1216px; margin: 0 auto; padding: 24px; }
h2.owner { display: flex; align-items: center; gap: 10px; font-size: 20px; } h2.owner .muted { font-size: 14px; font-weight: 400; }
.subject { font-size: 26px; font-weight: 400; line-height: 1.25; margin: 0 0 8px; overflow-wrap: anywhere; } h3 { font-size: 16px; margin: 24px 0 8px; }
.lead { border-bottom: 1px solid var(--line); padding-bottom: 16px; margin: 0 0 20px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 280px; gap: 28px; } aside h3:first-child { margin-top: 0; } .plain { list-style: none; padding: 0; margin: 0; }
.box { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 16px; background: var(--page); } ul.box { padding: 0; }
.box-head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 16px; background: var(--soft); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; }
.box-body { padding: 16px; } .rows { list-style: none; margin: 0; padding: 0; }
.rows li { display: flex; align-items: flex-start; gap: 10px; padding: 10px 16px; border-top: 1px solid var(--line); } .rows li:first-child { border-top: 0; }
.rows .title { font-weight: 600; color: var(--text); overflow-wrap: anywhere; } .rows .title:hover { color: var(--link); } .rows .side { text-align: right; font-size: 12px; }
.files li { padding: 6px 16px; } .files .tree { font-weight: 600; } .files a { color: var(--text); }
.blank { padding: 28px; margin: 0; text-align: center; color: var(--muted); }
.state { display: inline-block; flex: none; color: #fff; border-radius: 2em; padding: 3px 12px; font-weight: 500; font-size: 13px; line-height: 20px; }
.lead .state { margin-right: 6px; }
.rows .state { padding: 0 9px; font-size: 12px; margin-top: 1px; }
.state.open { background: var(--green); } .state.merged { background: var(--purple); } .state.rejected { background: var(--red); } .state.draft { background: var(--grey); }
.branch { background: var(--chip); color: var(--link); border-radius: 6px; padding: 2px 6px; overflow-wrap: anywhere; }
.avatar { width: 20px; height: 20px; vertical-align: middle; } .avatar.large { width: 40px; height: 40px; } h2 .avatar.large { width: 32px; height: 32px; }
.author { font-weight: 600; color: var(--text); } .muted .author { color: inherit; font-weight: 400; }
.conversation { max-width: 1000px; } .comment { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 16px; margin-bottom: 20px; } .comment .box { margin: 0; }
.comment:target .box { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
.reactions { display: flex; gap: 6px; margin-top: 12px; } .reaction { border: 1px solid var(--line); border-radius: 2em; padding: 0 9px; font-size: 12px; line-height: 24px; background: var(--soft); }
.composer { margin-left: 56px; } .composer textarea { display: block; width: calc(100% - 32px); margin: 16px; padding: 8px 12px; font: 13px/1.5 var(--mono); color: var(--text); background: var(--page); border: 1px solid var(--line); border-radius: 6px; resize: vertical; }
.composer select, .composer input { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 2px 6px; }
.actions { padding: 0 16px 16px; text-align: right; } button { font: inherit; font-weight: 500; color: #fff; background: var(--green); border: 1px solid #0002; border-radius: 6px; padding: 5px 16px; cursor: pointer; }
.markdown { overflow-wrap: anywhere; } .markdown > :first-child { margin-top: 0; } .markdown > :last-child { margin-bottom: 0; }
.markdown h1, .markdown h2 { border-bottom: 1px solid var(--line); padding-bottom: 6px; } .markdown h1 { font-size: 24px; } .markdown h2 { font-size: 20px; } .markdown h3 { font-size: 16px; }
.markdown h1, .markdown h2, .markdown h3, .markdown h4 { margin: 24px 0 14px; line-height: 1.25; } .markdown p, .markdown ul, .markdown ol, .markdown table, .markdown pre, .markdown blockquote, .markdown details { margin: 0 0 14px; }
.markdown ul, .markdown ol { padding-left: 2em; } .markdown code { background: var(--code); border-radius: 6px; padding: 2px 5px; }
.markdown pre { background: var(--soft); border-radius: 6px; padding: 14px; overflow: auto; } .markdown pre code { background: none; padding: 0; }
.markdown blockquote { border-left: 4px solid var(--line); padding: 0 14px; color: var(--muted); } .markdown hr { border: 0; border-top: 4px solid var(--line); }
.markdown table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; } .markdown th, .markdown td { border: 1px solid var(--line); padding: 6px 12px; text-align: left; overflow-wrap: normal; }
.markdown tr:nth-child(2n) td { background: var(--soft); } .markdown .align-right { text-align: right; } .markdown .align-center { text-align: center; }
.markdown li.task { list-style: none; } .markdown li.task input { margin: 0 8px 0 -22px; vertical-align: middle; } .task-box { margin: 0 6px 0 -24px; padding: 0 2px; font: inherit; font-size: 18px; line-height: 1; color: var(--text); background: none; border: 0; cursor: pointer; vertical-align: middle; } .markdown summary { cursor: pointer; } .markdown a.mention { color: var(--text); font-weight: 600; }
.message { white-space: pre-wrap; margin: 0; } .scroll { overflow-x: auto; } .diff summary { cursor: pointer; list-style: none; border-radius: 6px; } .diff[open] summary { border-radius: 6px 6px 0 0; } .diff .path { overflow-wrap: anywhere; }
table.code { width: 100%; border-collapse: collapse; font: 12px/20px var(--mono); tab-size: 4; } .code td { padding: 0 10px; white-space: pre; vertical-align: top; }
.code .number { width: 1%; min-width: 44px; text-align: right; color: var(--muted); user-select: none; } .code .number::before { content: attr(data-line); } .code .sign { width: 1%; padding: 0 0 0 10px; user-select: none; }
.code .added td { background: var(--added); } .code .removed td { background: var(--removed); } .code .added .number { background: var(--added-number); } .code .removed .number { background: var(--removed-number); } .code .hunk td { background: var(--hunk); color: var(--muted); }
.added-text { color: var(--green); font-weight: 600; } .removed-text { color: var(--red); font-weight: 600; }
@media (max-width: 800px) { .columns { grid-template-columns: 1fr; } main { padding: 16px; } .comment { grid-template-columns: 1fr; gap: 0; } .comment > .avatar { display: none; } .composer { margin-left: 0; } .top .note { display: none; } }
`;

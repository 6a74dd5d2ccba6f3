/** The guestbook's page. Entries are put there as text, never as markup. */

const ACCENTS: Readonly<Record<string, string>> = { v1: '#1f6feb', v2: '#7a3e9d' };

/** @param version shown in title and heading, so that a person sees which pod answered. */
export function page(version: string): string {
  const accent = ACCENTS[version] ?? '#555555';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guestbook - ${version}</title>
<style>
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #f6f7f9; }
  header { background: ${accent}; color: #fff; padding: 2rem; text-align: center; }
  h1 { margin: 0; font-weight: 600; }
  main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  #guestbook-entries p { background: #fff; border: 1px solid #dfe3e8; border-radius: 6px; padding: .6rem .9rem; margin: .5rem 0; overflow-wrap: anywhere; }
  form { display: flex; gap: .5rem; }
  input { flex: 1; font: inherit; padding: .5rem .7rem; border: 1px solid #b8c0ca; border-radius: 6px; }
  button { font: inherit; padding: .5rem 1.2rem; border: 0; border-radius: 6px; background: ${accent}; color: #fff; }
  footer { color: #5b6470; font-size: .9rem; margin-top: 2rem; }
</style>
</head>
<body>
<header><h1>Guestbook - ${version}</h1></header>
<main>
  <form id="guestbook-form">
    <input id="guestbook-entry-content" autocomplete="off" aria-label="Your entry" placeholder="Leave a comment">
    <button id="guestbook-submit" type="submit">Submit</button>
  </form>
  <div id="guestbook-entries" aria-live="polite"><p>Waiting for database connection...</p></div>
  <footer><span id="guestbook-host-address"></span> · <a href="/env">/env</a> · <a href="/info">/info</a></footer>
</main>
<script>
  const list = document.querySelector('#guestbook-entries');
  const input = document.querySelector('#guestbook-entry-content');
  document.querySelector('#guestbook-host-address').textContent = location.href;
  function show(entries) {
    list.replaceChildren(...entries.map((entry) => Object.assign(document.createElement('p'), { textContent: entry })));
  }
  async function ask(path) {
    try { show(await (await fetch(path, { cache: 'no-store' })).json()); } catch { /* the next look will tell */ }
  }
  document.querySelector('#guestbook-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const entry = input.value.trim();
    if (entry === '') return;
    input.value = '';
    ask('rpush/guestbook/' + encodeURIComponent(entry));
  });
  ask('lrange/guestbook');
  setInterval(() => ask('lrange/guestbook'), 1000);
</script>
</body>
</html>
`;
}

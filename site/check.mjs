// Checks the built site: every link leads to a page and an anchor that are there, nothing is loaded from another host, every page
// is in the sidebar, and the search finds what people look for. It asks nobody but the files in dist/.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const dist = fileURLToPath(new URL('dist', import.meta.url));
const host = 'http://site.invalid';
const files = readdirSync(dist, { recursive: true }).filter((f) => statSync(path.join(dist, f)).isFile());
const problems = new Set();

const pages = new Map(files.filter((f) => f.endsWith('.html')).map((f) => [f, parse(f)]));
let links = 0;
for (const [file, page] of pages) {
  for (const link of page.links) checkLink(file, link);
}
for (const file of files.filter((f) => f.endsWith('.css'))) checkStyle(file);
checkSidebar('start/index.html');
const searches = await checkSearch();

for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages, ${links} links, ${searches} searches: ${problems.size} problems`);
process.exit(problems.size > 0 ? 1 : 0);

// parse reads a page's anchors and what its elements lead to or load.
function parse(file) {
  const html = readFileSync(path.join(dist, file), 'utf8');
  const elements = html.replace(/<!--[^]*?-->/g, '').replace(/(<(script|style)\b[^>]*>)[^]*?<\/\2>/g, '$1').matchAll(/<([a-z][a-z0-9-]*)((?:\s+[^\s=>"']+(?:="[^"]*"|='[^']*'|=[^\s>"']+)?)*)\s*\/?>/g);
  const page = { ids: new Set(['', 'top']), links: [] };
  for (const [, name, rest] of elements) {
    const attributes = {};
    for (const [, key, value] of rest.matchAll(/([^\s=>"']+)=["']?((?<=")[^"]*|(?<=')[^']*|[^\s>"']*)/g)) attributes[key] = text(value);
    if (attributes.id) page.ids.add(attributes.id);
    for (const key of ['href', 'src', 'action', 'poster']) {
      if (key in attributes) page.links.push({ to: attributes[key], loads: name !== 'a' });
    }
  }
  return page;
}

// text is an attribute's value without entities.
function text(value) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
    if (name) return named[name] ?? all;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });
}

function checkLink(file, { to, loads }) {
  links++;
  if (/^(data|mailto):/.test(to)) return;
  const here = `${host}/${file.split(path.sep).join('/').replace(/index\.html$/, '')}`;
  if (!URL.canParse(to, here)) {
    problems.add(`${file} leads to ${to}, which is no address`);
    return;
  }
  const url = new URL(to, here);
  if (url.origin !== host) {
    if (loads) problems.add(`${file} loads ${to} from another host`);
    return;
  }
  let target = decodeURIComponent(url.pathname).slice(1);
  if (target === '' || target.endsWith('/')) target += 'index.html';
  target = path.normalize(target);
  if (!existsSync(path.join(dist, target)) || statSync(path.join(dist, target)).isDirectory()) {
    problems.add(`${file} leads to ${to}, which is not there`);
  } else if (pages.has(target) && !pages.get(target).ids.has(decodeURIComponent(url.hash.slice(1)))) {
    problems.add(`${file} leads to ${to}, which has no such anchor`);
  }
}

function checkStyle(file) {
  for (const [, to] of readFileSync(path.join(dist, file), 'utf8').matchAll(/(?:url\(|@import\s+)\s*["']?((?:https?:)?\/\/[^"')\s]+)/g)) {
    problems.add(`${file} loads ${to} from another host`);
  }
}

function checkSidebar(file) {
  const listed = new Set(pages.get(file).links.map(({ to }) => new URL(to, `${host}/${file}`).pathname));
  for (const page of pages.keys()) {
    const address = `/${page.split(path.sep).join('/').replace(/index\.html$/, '')}`;
    if (address !== '/404.html' && !listed.has(address)) problems.add(`${page} is not in the sidebar (astro.config.mjs)`);
  }
}

// checkSearch asks the index as a browser would, with the files of dist/ for answers.
async function checkSearch() {
  const expected = {
    adoptionPolicy: '/concepts/',
    WrongServer: '/reasons/',
    'suspend a customer': '/guides/suspend/',
    'deny-addresses': '/flags/',
    tlsSecretRef: '/reference/api/pleskcertificate/',
  };
  const bundle = pathToFileURL(path.join(dist, 'pagefind/')).href;
  globalThis.fetch = async (url) => new Response(readFileSync(new URL(new URL(url, bundle).pathname, bundle)));
  const pagefind = await import(`${bundle}pagefind.js`);
  await pagefind.options({ basePath: bundle, baseUrl: '/' });
  for (const [words, page] of Object.entries(expected)) {
    const { results } = await pagefind.search(words);
    const found = await Promise.all(results.slice(0, 10).map(async (result) => (await result.data()).url));
    if (!found.includes(page)) problems.add(`the search for "${words}" leads to ${found.join(', ') || 'nothing'}, and not to ${page}`);
  }
  return Object.keys(expected).length;
}

// Writes the pages of the site into src/content/docs: those of docs/ as they are, and the chart's manual. Each gets a title for
// Starlight, and links that lead within the site, or to the repository where they lead out of it.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { branch, repository } from './repository.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = fileURLToPath(new URL('src/content/docs', import.meta.url));

const api = 'docs/reference/api.md';

// A page has an address in the site, a title, a text, and the file whose links it has.
const pages = new Map();
// Where a file of the repository, or FILE#ANCHOR, is in the site.
const places = new Map();
// An address that is an example would become a link by itself.
const example = /(?<!\]\(|[<"])https?:\/\/(?:[A-Z]+|[\w.*-]*\bexample\b[\w.]*)(?::\w+)?(?:[^\s,;)|]*[^\s,;)|.])?/g;

collect();
rmSync(out, { recursive: true, force: true });
for (const page of pages.values()) write(page);
console.log(`${pages.size} pages are in src/content/docs`);

function collect() {
  whole('site/index.md', '');
  for (const name of readdirSync(path.join(root, 'docs'), { recursive: true })) {
    if (!name.endsWith('.md')) continue;
    if (`docs/${name}` === api) reference(api, 'reference/api');
    else whole(`docs/${name}`, name.slice(0, -'.md'.length).toLowerCase());
  }
  runbooks('docs/runbooks', 'runbooks');
  whole('charts/plesk-operator/README.md', 'install/helm');
  whole('CHANGELOG.md', 'changelog');
}

function add(page) {
  if (pages.has(page.slug)) throw new Error(`two pages are to be at /${page.slug}`);
  pages.set(page.slug, page);
}

// read is a text of the repository without the comments that are for its editors.
function read(file) {
  return readFileSync(path.join(root, file), 'utf8').replace(/^<!--[^]*?-->\n/gm, '');
}

// whole makes a page of a file. Its first heading is the title, unless it has front matter of its own.
function whole(file, slug) {
  const text = read(file);
  places.set(file, slug);
  const [matter] = /^---\n[^]*?\n---\n/.exec(text) ?? [];
  if (matter) return add({ file, slug, matter, text: text.slice(matter.length) });
  const [heading, title] = /^# (.+)\n/m.exec(text) ?? [];
  if (!heading) throw new Error(`${file} has no heading`);
  add({ file, slug, title, text: text.slice(text.indexOf(heading) + heading.length) });
}

function sections(text) {
  return text.split(/^(?=## )/m).slice(1).map((section) => {
    const end = section.indexOf('\n');
    return { heading: section.slice('## '.length, end), text: section.slice(end + 1) };
  });
}

// anchor is what GitHub makes of a heading, as far as the split files have any.
function anchor(heading) {
  return heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-');
}

// reference makes a page for each kind, with the types that it alone uses, and one of the types that several use.
function reference(file, slug) {
  const text = read(file);
  const [, title, head] = /^# (.+)\n([^]*?)^(?=## )/m.exec(text);
  const types = new Map(sections(text).map((s) => [anchor(s.heading), s]));
  const kinds = [...head.matchAll(/^\* \[\w+\]\(#(\w+)\)$/gm)].map((m) => m[1]);
  const owner = owners(types, kinds);
  const shared = `${slug}/types`;
  places.set(file, slug);
  add({ file, slug, name: `${slug}/index`, title, text: `${head}\nTypes that several kinds use are [on a page of their own](#${anchor('CommonSpec')}).\n` });
  for (const kind of kinds) {
    places.set(`${file}#${kind}`, `${slug}/${kind}`);
    add({ file, slug: `${slug}/${kind}`, title: types.get(kind).heading, text: types.get(kind).text });
  }
  add({ file, slug: shared, title: 'Types that kinds share', text: '' });
  // A kind's spec comes first, then its status.
  const rank = (id) => ['', 'spec', 'status'].findIndex((part) => kinds.includes(id.slice(0, id.length - part.length)) && id.endsWith(part)) + 1 || 4;
  for (const [id, type] of [...types].sort(([a], [b]) => rank(a) - rank(b))) {
    if (kinds.includes(id)) continue;
    const page = pages.get(owner.has(id) ? `${slug}/${owner.get(id)}` : shared);
    places.set(`${file}#${id}`, `${page.slug}#${id}`);
    page.text += `## ${type.heading}\n${type.text}`;
  }
}

// owners tells which types are reached from one kind alone, and from which.
function owners(types, kinds) {
  const users = new Map([...types].map(([id, type]) => {
    const [, list] = /^Used by: (.*)\.$/m.exec(type.text) ?? [, ''];
    return [id, [...list.matchAll(/\(#(\w+)\)/g)].map((m) => m[1])];
  }));
  const reached = new Map(); // by type: the kinds that lead to it
  for (const kind of kinds) {
    for (const queue = [kind], seen = new Set(queue); queue.length > 0;) {
      const id = queue.pop();
      reached.set(id, [...(reached.get(id) ?? []), kind]);
      for (const [next, by] of users) {
        if (by.includes(id) && !seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }
  return new Map([...reached].filter(([, by]) => by.length === 1).map(([id, by]) => [id, by[0]]));
}

// runbooks makes the page that lists those of a folder.
function runbooks(folder, slug) {
  const rows = [...pages.values()].filter((p) => p.slug.startsWith(`${slug}/`)).map((page) => {
    const [, severity, when] = /^Severity: (\w+)\. It fires when (.+)\.$/m.exec(page.text) ?? [];
    if (!severity) throw new Error(`${page.file} does not begin with its severity, and when it fires`);
    return `| [${page.title}](${path.basename(page.file)}) | ${severity} | ${when} |\n`;
  });
  places.set(folder, slug);
  const text = 'What each alert means, where to look and what to do. [metrics.md](../metrics.md#alerts-and-the-dashboard) says how they are installed.\n\n';
  add({ file: `${folder}/index.md`, slug, name: `${slug}/index`, title: 'Alerts', text: `${text}| alert | severity | fires when |\n| --- | --- | --- |\n${rows.sort().join('')}` });
}

// write gives the reference less weight in the search than what explains.
function write(page) {
  const file = path.join(out, `${page.name ?? (page.slug || 'index')}.md`);
  const matter = page.matter ?? `---\ntitle: ${JSON.stringify(plain(page.title))}\n---\n`;
  mkdirSync(path.dirname(file), { recursive: true });
  const text = linked(page);
  writeFileSync(file, `${matter}\n${page.file === api ? `<div class="api" data-pagefind-weight="0.1">\n\n${text}\n\n</div>\n` : text}`);
}

function plain(title) {
  return title.replaceAll('`', '');
}

// linked is a page's text with links of the site. Code is left as it is, but for the bare path of a page, which becomes a link.
function linked(page) {
  const code = [];
  return page.text
    .replace(/(?<!\[)`(docs\/[\w/-]+\.md)`/g, (span, file) => (places.has(file) ? `[${file}](${path.relative(path.dirname(page.file), file)})` : span))
    .replace(/^ *```[^]*?^ *```$|(`+)(?!`)[^]*?[^`]\1(?!`)/gm, (span) => `\0${code.push(span) - 1}\0`)
    .replace(example, '`$&`')
    .replace(/\[([^\][]*)\]\(([^)\s]+)\)/g, (_, text, target) => {
      const { href, title } = resolve(page, target);
      return `[${text.endsWith('.md') && title ? title : text}](${href})`;
    })
    .replace(/\0(\d+)\0/g, (_, i) => code[i]);
}

// resolve tells what a link of a page's file is in the site, and the title of the page that it leads to.
function resolve(page, target) {
  if (/^[a-z]+:/.test(target)) return { href: target };
  const [to, id] = target.split('#');
  const file = to === '' ? page.file : path.join(path.dirname(page.file), to).replace(/\/$/, '');
  const place = (id && places.get(`${file}#${id}`)) ?? (places.has(file) ? places.get(file) + (id ? `#${id}` : '') : undefined);
  if (place === undefined) {
    if (!existsSync(path.join(root, file))) throw new Error(`${page.file} leads to ${target}, which is not there`);
    const as = statSync(path.join(root, file)).isDirectory() ? 'tree' : 'blob';
    return { href: `${repository}/${as}/${branch}/${file}${id ? `#${id}` : ''}` };
  }
  const [slug, at] = place.split('#');
  const { title } = pages.get(slug);
  if (slug === page.slug) return { href: `#${at ?? '_top'}`, title: plain(title) };
  // Relative, so that the site may lie below any path.
  return { href: `${path.relative(`/${page.slug}`, `/${slug}`)}/${at ? `#${at}` : ''}`, title: title && plain(title) };
}

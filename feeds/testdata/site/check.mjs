// Checks pages in a real browser and as text, and prints what was found as
// JSON: {"problems": [{tool, url, rule, text}], "scores": [{url, category: 0 to 100}]}.
//
//   node check.mjs BROWSER URL...            axe-core, pa11y, html-validate
//   node check.mjs --lighthouse BROWSER URL...   Lighthouse
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import lighthouse from 'lighthouse';
import pa11y from 'pa11y';
import puppeteer from 'puppeteer';

const args = process.argv.slice(2);
const scoring = args[0] === '--lighthouse';
if (scoring) args.shift();
const [executablePath, ...urls] = args;

const browser = await puppeteer.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const problems = [];
const scores = [];

// Of WCAG everything up to 2.2 AA, and what axe-core calls best practice.
const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
};
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function axe(url, width, scheme) {
  const page = await browser.newPage();
  try {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url, { waitUntil: 'load' });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate((options) => window.axe.run(document, options), axeOptions);
    for (const v of violations) {
      for (const n of v.nodes) {
        problems.push({ tool: `axe-core, ${width} px, ${scheme}`, url, rule: v.id, text: `${n.failureSummary} ${n.html}` });
      }
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) problems.push({ tool: `browser, ${width} px`, url, rule: 'reflow', text: `the page is ${wide} px wider than the window` });
  } finally {
    await page.close();
  }
}

// Void elements may end as in XML (the texts of articles do), a page's title may
// be as long as its statement's, and our own style needs no checksum.
const validator = new HtmlValidate(new StaticConfigLoader({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    'void-style': 'off',
    'long-title': 'off',
    'require-sri': ['error', { target: 'crossorigin' }],
  },
}));

async function validate(url) {
  const answer = await fetch(url, { headers: { Accept: 'text/html' } });
  const report = await validator.validateString(await answer.text(), url);
  for (const result of report.results) {
    for (const m of result.messages) {
      problems.push({ tool: 'html-validate', url, rule: m.ruleId, text: `${m.line}:${m.column}: ${m.message}` });
    }
  }
}

async function codesniffer(url) {
  const page = await browser.newPage();
  try {
    const { issues } = await pa11y(url, { browser, page, standard: 'WCAG2AA', includeWarnings: false });
    for (const i of issues) problems.push({ tool: 'pa11y', url, rule: i.code, text: `${i.message} ${i.context}` });
  } finally {
    await page.close();
  }
}

async function score(url) {
  const page = await browser.newPage();
  try {
    const { lhr } = await lighthouse(url, { logLevel: 'error', onlyCategories: ['accessibility', 'best-practices', 'seo', 'performance'] }, undefined, page);
    const found = { url };
    for (const c of Object.values(lhr.categories)) {
      found[c.id] = Math.round(c.score * 100);
      for (const ref of c.auditRefs) {
        const audit = lhr.audits[ref.id];
        if (c.id === 'performance' || ref.weight === 0 || audit.score === null || audit.score === 1) continue;
        problems.push({ tool: 'Lighthouse', url, rule: audit.id, text: `${audit.title} ${JSON.stringify(audit.details?.items ?? '').slice(0, 500)}` });
      }
    }
    scores.push(found);
  } finally {
    await page.close();
  }
}

try {
  for (const url of urls) {
    if (scoring) {
      await score(url);
      continue;
    }
    await validate(url);
    await axe(url, 320, 'light');
    await axe(url, 1280, 'dark');
    await codesniffer(url);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ problems, scores }));

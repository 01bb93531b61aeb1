// Somebody who writes on the desk in a real browser. It is told what to do by lines of JSON,
// {"do": ..., ...}, and answers each with a line.
//
//   node type.mjs BROWSER COOKIE-NAME=VALUE
//
//   open URL          opens a page in a new tab, closing the one before without asking
//   type TEXT PAUSE   types into the text, letter by letter, with a pause of milliseconds
//   wait TEXT         waits until what the form tells has TEXT
//   fill FIELDS       fills in fields, by their names
//   offline ON        takes the network away, or gives it back
//   value             is the text, what the form tells, and where the page is
//   click SELECTOR    clicks, and waits for the page that it leads to
//   kill              the tab is gone at once, as if its process were killed
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer';

const [executablePath, cookie] = process.argv.slice(2);
// After this many milliseconds something hangs, also on a machine that is ten times slower.
const hang = 120_000;
const browser = await puppeteer.launch({
  executablePath, timeout: hang, protocolTimeout: 2 * hang,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
let page;
let sent = ''; // the text of the last try that the server has answered that it has

// sentText is the text in a form that the page sends.
function sentText(request) {
  const found = (request.postData() ?? '').match(/name="text"\r\n\r\n([^]*?)\r\n--/);
  return found ? found[1].replaceAll('\r\n', '\n') : '';
}

const acts = {
  async open({ url }) {
    if (page) await page.close({ runBeforeUnload: false });
    page = await browser.newPage();
    const [name, ...value] = cookie.split('=');
    await browser.setCookie({ name, value: value.join('='), domain: new URL(url).hostname, path: '/' });
    page.setDefaultTimeout(hang);
    page.on('response', async (response) => {
      if (!response.url().endsWith('/typed')) return;
      const text = sentText(response.request());
      if (response.ok() && text) sent = text;
    });
    await page.goto(url, { waitUntil: 'load' });
    return {};
  },
  async type({ text, pause }) {
    await page.focus('#text');
    await page.evaluate(() => { const t = document.getElementById('text'); t.selectionStart = t.selectionEnd = t.value.length; });
    await page.keyboard.type(text, { delay: pause });
    return {};
  },
  async wait({ text }) {
    await page.waitForFunction((text) => document.getElementById('typed').textContent.includes(text), { polling: 50 }, text);
    return {};
  },
  async fill({ fields }) {
    for (const [name, value] of Object.entries(fields)) {
      const selector = `main [name="${name}"]`;
      if (await page.$eval(selector, (field) => field.localName === 'select')) await page.select(selector, value);
      else await page.type(selector, value);
    }
    return {};
  },
  async offline({ on }) {
    await page.setOfflineMode(on);
    return {};
  },
  async value() {
    const at = await page.evaluate(() => [document.getElementById('text')?.value ?? '', document.getElementById('typed')?.textContent ?? '', location.pathname, document.body.innerText]);
    return { text: at[0], told: at[1], path: at[2], page: at[3], sent };
  },
  async click({ selector }) {
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
    return {};
  },
  async kill() {
    const client = await page.createCDPSession();
    client.send('Page.crash').catch(() => {}); // it never answers
    await new Promise((done) => page.once('error', done));
    await page.close({ runBeforeUnload: false }).catch(() => {});
    page = null;
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer;
  try {
    answer = await acts[order.do](order);
  } catch (error) {
    answer = { error: `${order.do}: ${error}` };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await browser.close();

// Has somebody of the desk add a passkey, sign in and confirm by it, and remove it, in a real
// browser with a virtual authenticator, and prints what they saw as JSON: [{step, url, text}].
//
//   node passkeys.mjs BROWSER DESK COOKIE PASSWORD
import puppeteer from 'puppeteer';

const [executablePath, desk, cookie, password] = process.argv.slice(2);
const hang = 180_000; // milliseconds: no expectation of speed
const browser = await puppeteer.launch({ executablePath, timeout: hang, protocolTimeout: 2 * hang, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'] });
const seen = [];
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(hang);
  page.on('console', (said) => { if (said.type() === 'error') seen.push({ step: 'error', url: page.url(), text: said.text() }); });
  const devtools = await page.createCDPSession();
  await devtools.send('WebAuthn.enable', { enableUI: false });
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  const [name, value] = cookie.split('=');
  await browser.setCookie({ name, value, domain: new URL(desk).hostname, path: '/' });

  const note = async (step) => seen.push({ step, url: page.url().slice(desk.length), text: await page.$eval('main', (main) => main.innerText) });
  const go = async (step, path) => { await page.goto(desk + path, { waitUntil: 'load' }); if (step) await note(step); };
  const send = async (step, selector) => { await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]); await note(step); };

  await go('', '/account/passkeys');
  await page.type('#name', 'My telephone');
  await page.type('#present', password);
  await send('added', 'form[action="/account/passkeys"] button');
  await send('signed out', 'form[action="/sign-out"] button');
  await send('asked', 'a[href^="/sign-in/passkey"]');
  await send('signed in', 'form[data-passkey] button');
  await go('asked to confirm', '/confirm?then=/account');
  await send('confirmed', 'form[data-passkey] button');
  await go('used', '/account/passkeys');
  await send('removed', 'form[action="/account/passkeys/removal"] button');
  await send('signed out again', 'form[action="/sign-out"] button');
  await send('asked again', 'a[href^="/sign-in/passkey"]');
  await send('refused', 'form[data-passkey] button');
} catch (problem) {
  seen.push({ step: 'failed', url: '', text: String(problem) });
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

// A hostile server: it signs whatever it is told to with the key of the account
// of peer.mjs, by Fedify's own signatures, and shows whatever it is told to.
import { signRequest } from "@fedify/fedify/sig";

const shown = new Map(); // documents by path

/** show keeps a document that answers at a path, with its media type. */
export function show({ path, type, document }) {
  shown.set(path, { type, document });
  return { shown: shown.size };
}

/** page answers at a path that was shown, or is undefined. */
export function page(path) {
  const found = shown.get(path);
  return found && new Response(JSON.stringify(found.document), { headers: { "Content-Type": found.type } });
}

/**
 * forge signs an activity as it stands, by a specification and under the id of
 * any key, and sends it several times. It returns the statuses.
 */
export async function forge({ inbox, activity, spec, keyId, times = 1 }, key) {
  const request = new Request(inbox, {
    method: "POST",
    headers: { "Content-Type": "application/activity+json" },
    body: JSON.stringify(activity),
  });
  const signed = await signRequest(request, key, new URL(keyId), { spec });
  const statuses = [];
  for (let i = 0; i < times; i++) {
    const answer = await fetch(signed.clone());
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  return statuses;
}

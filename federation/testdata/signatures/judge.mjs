// Signs and verifies requests with two libraries that are not ours. It reads one
// order from standard input and writes one answer, both JSON:
//
//   {"do":"sign","library":L,"scheme":S,"url":…,"headers":{…},"key":PEM,"keyId":…,"algorithm":…}
//     -> {"headers":{…}}      with Signature and what belongs to it
//   {"do":"verify","library":L,"scheme":S,"url":…,"headers":{…},"key":PEM,"keyId":…,"algorithm":…}
//     -> {"valid":true}       of a POST to that address
//
// L is "http-message-signatures" (both schemes) or "peertube" (cavage), S is
// "cavage" or "rfc9421".
import { readFileSync } from "node:fs";
import libraries from "http-message-signatures";
import peertube from "@peertube/http-signature";

const { httpbis, cavage, createSigner, createVerifier } = libraries;
const covered = {
  cavage: ["@request-target", "host", "date", "digest"],
  rfc9421: ["@method", "@target-uri", "content-digest"],
};

function messageOf({ url, headers }) {
  return { method: "POST", url, headers };
}

const byMessageSignatures = {
  async sign(order) {
    const { signMessage } = order.scheme === "cavage" ? cavage : httpbis;
    const config = {
      key: createSigner(order.key, order.algorithm, order.keyId),
      name: "theirs",
      fields: covered[order.scheme],
      params: order.scheme === "cavage" ? ["keyid", "alg"] : ["created", "keyid", "alg"],
    };
    return (await signMessage(config, messageOf(order))).headers;
  },
  async verify(order) {
    const { verifyMessage } = order.scheme === "cavage" ? cavage : httpbis;
    const key = { id: order.keyId, algs: [order.algorithm], verify: createVerifier(order.key, order.algorithm) };
    const keyLookup = async ({ keyid }) => keyid === order.keyId ? key : null;
    // For cavage the library looks for required fields among the parameters.
    const requiredFields = order.scheme === "cavage" ? [] : covered.rfc9421;
    return await verifyMessage({ keyLookup, requiredFields }, messageOf(order)) === true;
  },
};

const byPeertube = {
  async sign(order) {
    const { pathname, search } = new URL(order.url);
    const headers = { ...order.headers };
    const request = {
      method: "POST",
      path: pathname + search,
      getHeader: (name) => headers[name.toLowerCase()],
      setHeader: (name, value) => { headers[name.toLowerCase()] = value; },
    };
    peertube.signRequest(request, {
      key: order.key, keyId: order.keyId, algorithm: "rsa-sha256",
      headers: ["(request-target)", "host", "date", "digest"], authorizationHeaderName: "signature",
    });
    headers.signature = headers.signature.replace(/^Signature /, "");
    return headers;
  },
  async verify(order) {
    const { pathname, search } = new URL(order.url);
    const request = { method: "POST", url: pathname + search, headers: order.headers };
    const parsed = peertube.parseRequest(request, { headers: ["(request-target)", "host", "date", "digest"] });
    return parsed.keyId === order.keyId && peertube.verifySignature(parsed, order.key);
  },
};

const order = JSON.parse(readFileSync(0, "utf8"));
const library = order.library === "peertube" ? byPeertube : byMessageSignatures;
let answer;
try {
  answer = order.do === "sign" ? { headers: await library.sign(order) } : { valid: await library.verify(order) };
} catch (error) {
  answer = { valid: false, error: String(error) };
}
process.stdout.write(JSON.stringify(answer));

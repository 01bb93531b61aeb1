// Package signature says who sent a request: it signs what we send and checks
// what others sent, by draft-cavage-http-signatures-12, the scheme that every
// server of the fediverse speaks.
//
// # Sending
//
// A [Signer] adds Date, Digest and Signature to a request ([Signer.SignPost],
// [Signer.SignGet]). It is used anew for each attempt, because receivers
// accept a Date for a minute to an hour. The digest of a body is made once
// ([Digest]) and handed in, since one body goes to thousands of inboxes.
//
// # Receiving
//
// Verification has two steps, so that the caller can fetch the key in between:
//
//	sig, err := signature.Parse(r, body, "mfa.example", now)
//	key, err := client.FetchKey(ctx, sig.KeyID)
//	err = sig.Verify(key.Public)
//
// [Parse] refuses everything that can be refused without the key: a malformed
// or ambiguous header, a signature that covers too little, a body that does
// not match its digest, a request signed long ago or for somebody else. Only
// the signature string and the arithmetic are left to go-fed/httpsig, whose
// own verification checks none of these.
//
// Nothing here says that the owner of the key may do what the request asks:
// whoever calls compares the activity's actor with the key's owner.
//
// The other scheme, RFC 9421, is recognised and answered with
// [ErrUnsupportedScheme].
package signature

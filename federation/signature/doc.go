// Package signature says who sent a request: it signs what we send and checks
// what others sent, by the two schemes of the fediverse:
// draft-cavage-http-signatures-12, which every server speaks, and RFC 9421
// (HTTP Message Signatures), which is to replace it. Keys are RSA (PKCS #1 v1.5
// with SHA-256) or Ed25519.
//
// # Sending
//
// A [Signer] signs a request by either scheme ([Signer.SignPost],
// [Signer.SignGet]). Each attempt is signed anew, because receivers accept a time
// of signing for a minute to an hour. The digest of a body is made once ([Digest])
// and handed in, since one body goes to thousands of inboxes.
//
// The arithmetic of RSA is most of what a delivery costs. It is Go's ([GoRSA]), or that
// of OpenSSL's libcrypto where the machine has it ([ChooseRSA]), which is called without
// cgo; the build tag static leaves that out, and the program needs no library then.
//
// # Receiving
//
// Verification has two steps, so that the caller can fetch the key in between:
//
//	sig, err := signature.Parse(r, body, "https://mfa.example", now)
//	key, err := client.FetchKey(ctx, sig.KeyID)
//	err = sig.Verify(key.Public)
//
// [Parse] refuses everything that can be refused without the key: a malformed or
// ambiguous header, a signature that covers too little, a body that doesn't match
// its digest, a request that was signed long ago, for another recipient, or by both
// schemes at once. Of cavage, only the signature string and the arithmetic
// are left to go-fed/httpsig, whose own verification checks none of these; of
// RFC 9421 it knows nothing, so that is all here (input.go, message.go), on a
// reader of structured fields that takes no more than signatures need (fields.go).
//
// Nothing here says that the owner of the key may do what the request asks: the
// caller compares the activity's actor with the key's owner.
package signature

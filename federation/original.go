package federation

import (
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/audience"
)

// originalOf is the request that brought a post, to be stored with it: it proves what the
// author said. nil if it only names the post, whose text is fetched then, or is too long.
func originalOf(post vocab.Reference, signed signature.Signature) []byte {
	if post.Raw == nil {
		return nil
	}
	if original := signed.Original(); len(original) <= audience.MaxOriginal {
		return original
	}
	return nil
}

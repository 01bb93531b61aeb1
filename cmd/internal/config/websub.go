package config

import (
	"fmt"
	"slices"
)

// signatures are the methods that WebSub has names for.
var signatures = []string{"sha256", "sha1", "sha384", "sha512"} // the first is the default

func (f file) checkWebSub(c *Config) error {
	c.Signature = f.WebSub.Signature
	if c.Signature == "" {
		c.Signature = signatures[0]
	}
	if !slices.Contains(signatures, c.Signature) {
		return &FieldError{Field: "websub.signature", Text: fmt.Sprintf("%q is not one of sha1, sha256, sha384 and sha512", c.Signature)}
	}
	return nil
}

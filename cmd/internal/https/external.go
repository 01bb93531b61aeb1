package https

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mholt/acmez/v3/acme"
)

// External is an account that somebody has with an authority outside of ACME, to which that one
// binds the account of the server (RFC 8555 §7.3.4).
type External struct {
	KeyID string
	mac   string // base64url without padding
}

// ReadExternal reads the MAC key of an account from a file.
func ReadExternal(id, file string) (*External, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	mac := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(strings.TrimSpace(string(text)), "="))
	if key, err := base64.RawURLEncoding.DecodeString(mac); err != nil || len(key) == 0 {
		return nil, fmt.Errorf("%s: %w", file, errNoMAC)
	}
	return &External{id, mac}, nil
}

// errNoMAC does not repeat what is in the file: it may be a key all the same.
var errNoMAC = errors.New("what is in it is no MAC key: write the one that the authority has given you, as it is (base64url)")

func (e *External) binding() *acme.EAB {
	if e == nil {
		return nil
	}
	return &acme.EAB{KeyID: e.KeyID, MACKey: e.mac}
}

package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"communique/cmd/internal/config"
	"communique/federation/signature"
)

// passphraseVariable takes the place of keys.passphrase_file.
const passphraseVariable = config.PassphraseVariable

// passphrase is what the actors' keys are encrypted with; nil if nothing is
// configured.
func (a *app) passphrase(c config.Config) (*signature.Passphrase, error) {
	text := a.Env(passphraseVariable)
	if text == "" {
		var err error
		if text, err = config.Credential(a.Env, "passphrase"); err != nil {
			return nil, err
		}
	}
	if text != "" || c.PassphraseFile == "" {
		return signature.NewPassphrase(text), nil
	}
	name := c.InData(c.PassphraseFile)
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: keys.passphrase_file: %w", filepath.Join(c.Data, config.File), err)
	}
	if line := strings.TrimRight(string(content), "\r\n"); line != "" {
		return signature.NewPassphrase(line), nil
	}
	return nil, fmt.Errorf("%s: keys.passphrase_file: %s is empty: write the passphrase into it", filepath.Join(c.Data, config.File), name)
}

// withKeyHint says what to do about keys that do not open.
func withKeyHint(err error) error {
	switch {
	case errors.Is(err, signature.ErrSealed):
		return fmt.Errorf("%w: name the file with its passphrase as keys.passphrase_file in %s, or set %s", err, config.File, passphraseVariable)
	case errors.Is(err, signature.ErrPassphrase):
		return fmt.Errorf("%w: look at keys.passphrase_file in %s and at %s for the one that communique keys encrypt was run with", err, config.File, passphraseVariable)
	}
	return err
}

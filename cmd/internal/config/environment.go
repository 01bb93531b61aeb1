package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Variables of the environment that communique reads. Flags override them.
const (
	// DataVariable is the folder of the installation, instead of --data.
	DataVariable = "COMMUNIQUE_DATA"
	// ListenVariable overrides listen.
	ListenVariable = "COMMUNIQUE_LISTEN"
	// DatabaseVariable overrides database, so that its password need not stand in the file.
	DatabaseVariable = "COMMUNIQUE_DATABASE"
	// PassphraseVariable is the passphrase of the actors' keys, instead of the file
	// that keys.passphrase_file names.
	PassphraseVariable = "COMMUNIQUE_KEY_PASSPHRASE"
	// CredentialsVariable is the folder in which systemd (LoadCredential=) has put the file
	// passphrase, in the place of keys.passphrase_file, and the file database, in that of
	// database. An empty file counts as none.
	CredentialsVariable = "CREDENTIALS_DIRECTORY"
)

// Credential reads what systemd has handed to the service under a name; empty if it has
// handed nothing. What is there and cannot be read is an error: without it the server would
// work on another database, or with other keys, than it was told to.
func Credential(env func(string) string, name string) (string, error) {
	folder := env(CredentialsVariable)
	if folder == "" {
		return "", nil
	}
	text, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("the credential %s: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

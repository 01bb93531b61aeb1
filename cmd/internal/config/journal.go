package config

import (
	"cmp"
	"path/filepath"
)

func (f file) checkJournal(c *Config) error {
	c.Journal = filepath.Clean(cmp.Or(f.Journal, Journal))
	if c.Journal == "." || c.Journal == Database || c.Journal == File {
		return &FieldError{Field: "journal", Text: "it is to be a folder of its own: name one"}
	}
	return nil
}

// JournalFolder is where the journal of the installation is.
func (c Config) JournalFolder() string { return c.InData(c.Journal) }

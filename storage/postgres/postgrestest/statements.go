package postgrestest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

// LogStatements has the server note each statement that it is sent from now on.
func (s *Server) LogStatements() error {
	return errors.Join(s.exec("ALTER SYSTEM SET log_statement = 'all'"), s.exec("SELECT pg_reload_conf()"))
}

// Statements counts those that were noted so far, by whichever program.
func (s *Server) Statements() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.folder, "log"))
	return bytes.Count(text, []byte("LOG:  execute ")) + bytes.Count(text, []byte("LOG:  statement: ")), err
}

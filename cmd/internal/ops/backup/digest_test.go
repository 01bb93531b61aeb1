package backup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// TestDigest: what is copied is what was written, in pieces of any size, and any byte that has
// changed is found, but in what has no digest.
func TestDigest(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "short", strings.Repeat("Atlantis1", 5000)} {
		name := filepath.Join(t.TempDir(), "one.backup")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := AddDigest(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		with, err := os.ReadFile(name)
		if err != nil || len(with) != len(content)+digestSize {
			t.Fatalf("%d bytes with the digest of %d, %v", len(with), len(content), err)
		}
		for text, want := range map[string]struct {
			copied   string
			digested bool
			err      error
		}{
			string(with):                       {content, true, nil},
			content:                            {content, false, nil},
			string(with[:len(with)-2]) + "g\n": {content, true, ErrChanged},
			strings.Replace(string(with), "Atlantis1", "Atlantis9", 1): {strings.Replace(content, "Atlantis1", "Atlantis9", 1), true,
				map[bool]error{true: ErrChanged}[strings.HasPrefix(content, "Atlantis")]},
		} {
			var whole, single strings.Builder
			digested, err := CopyChecked(&whole, strings.NewReader(text))
			_, again := CopyChecked(&single, iotest.OneByteReader(strings.NewReader(text)))
			if whole.String() != want.copied || single.String() != want.copied || digested != want.digested || !errors.Is(err, want.err) || !errors.Is(again, want.err) {
				t.Errorf("of %d bytes %d and %d, digest %v, %v, %v", len(text), whole.Len(), single.Len(), digested, err, again)
			}
		}
	}
}

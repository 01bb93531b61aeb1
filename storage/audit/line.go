package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"communique/storage/press"
)

// Act is something that somebody did.
type Act struct {
	Who     string // as they are known where they come from: a login
	Via     string // the way by which they came: "command line", "desk"
	Network string // from where, as far as that is kept; empty on the machine itself
	Did     string // a verb in the past, such as "corrected"
	Subject string // to what: an article's id, a section's path, a server's name
	// Facts are what else is to be known of it, by their names: digests, fields, states.
	// They never have words of an article.
	Facts map[string]string
}

// Line is an act as it stands in the audit.
type Line struct {
	Seq int64 // from 1, without a gap
	At  time.Time
	Act
	Entry press.Seq // that the act appended to the log, the last of several; 0 for none
	Hash  string    // see [Line.Sum]
	// Why it was done without a second person, in somebody's words, which stand beside the
	// audit and not in it; see [Tx.Explain].
	Why string
}

// Sum is the hash that a line has behind the one whose hash is given, which is empty for
// the first: SHA-256, in hex, over all of its fields, each with its length.
func (l Line) Sum(before string) (string, error) {
	facts, err := encode(l.Facts)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	field := func(text string) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		_, _ = digest.Write(length[:]) // a hash takes all
		_, _ = digest.Write([]byte(text))
	}
	field(before)
	field(fmt.Sprintf("%d %d %d", l.Seq, l.At.UnixMicro(), l.Entry))
	for _, text := range []string{l.Who, l.Via, l.Network, l.Did, l.Subject, facts} {
		field(text)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// encode is how facts stand in the database: as a JSON object, its names sorted.
func encode(facts map[string]string) (string, error) {
	if len(facts) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(facts)
	if err != nil {
		return "", fmt.Errorf("encode the facts: %w", err)
	}
	return string(text), nil
}

// decode reads what [encode] wrote.
func decode(text string) (map[string]string, error) {
	if text == "{}" {
		return nil, nil
	}
	var facts map[string]string
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		return nil, fmt.Errorf("read the facts %q: %w", text, err)
	}
	return facts, nil
}

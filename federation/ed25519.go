package federation

import (
	"cmp"
	"context"
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/storage"
	"communique/storage/deliveries"
)

//go:embed ed25519.tsv
var ed25519Table string

// ed25519Since is the first version, by software, that verifies Ed25519.
var ed25519Since = readEd25519Table(ed25519Table)

// readEd25519Table reads the lines software, version, source.
func readEd25519Table(text string) map[string]string {
	since := map[string]string{}
	for line := range strings.Lines(text) {
		software, rest, _ := strings.Cut(line, "\t")
		if version, _, ok := strings.Cut(rest, "\t"); ok && !strings.HasPrefix(line, "#") {
			since[software] = version
		}
	}
	return since
}

// VerifiesEd25519 reports whether a software is known to verify an Ed25519 signature
// with the key that our actors have in assertionMethod (FEP-521a).
func VerifiesEd25519(runs deliveries.Software) bool {
	since, ok := ed25519Since[runs.Name]
	return ok && atLeast(runs.Version, since)
}

// atLeast compares two versions. Before a release come those that are marked alpha, beta
// and rc with a number (semver.org §11); any other mark, such as a nightly's, may stand
// for something older. What a fork adds to a version says nothing.
func atLeast(version, first string) bool {
	number, mark := splitVersion(version)
	firstNumber, firstMark := splitVersion(first)
	if number == nil {
		return false
	}
	if c := slices.Compare(number, firstNumber); c != 0 || mark == "" {
		return c >= 0
	}
	word, n := splitMark(mark)
	firstWord, firstN := splitMark(firstMark)
	return word != "" && firstWord != "" && cmp.Or(cmp.Compare(word, firstWord), cmp.Compare(n, firstN)) >= 0
}

// splitVersion takes "v4.7.0-alpha.2+fork" apart into its three numbers, nil if it has
// others, and "alpha.2".
func splitVersion(version string) (number []int, mark string) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	release, mark, _ := strings.Cut(version, "-")
	for part := range strings.SplitSeq(release, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, ""
		}
		number = append(number, n)
	}
	if len(number) != 3 {
		return nil, ""
	}
	return number, mark
}

// splitMark takes "alpha.2" apart; the word is empty if it is another mark.
func splitMark(mark string) (word string, n int) {
	word, number, _ := strings.Cut(mark, ".")
	n, err := strconv.Atoi(number)
	if err != nil || word != "alpha" && word != "beta" && word != "rc" {
		return "", 0
	}
	return word, n
}

const (
	// refusedFor is how long a host gets RSA after it has refused Ed25519. Mastodon
	// answers 401 to a key id that it does not know for up to a day after it last
	// looked at the actor, and looks by itself after that (INTEROP S9).
	refusedFor = 24 * time.Hour
	maxRefused = 10_000 // hosts; the rest is found out again
)

// ed25519Hosts are the hosts that are known to verify Ed25519, and when they refused it
// nevertheless.
type ed25519Hosts struct {
	mu      sync.Mutex
	verify  map[string]bool
	refused map[string]time.Time
}

// newEd25519Hosts reads what is stored of them.
func newEd25519Hosts(tx *storage.Tx, runs map[string]deliveries.Software) (*ed25519Hosts, error) {
	h := &ed25519Hosts{verify: map[string]bool{}, refused: map[string]time.Time{}}
	for host, software := range runs {
		h.note(host, software)
	}
	refusals, err := tx.Ed25519Refusals()
	maps.Copy(h.refused, refusals)
	return h, err
}

// note notes what a host runs.
func (h *ed25519Hosts) note(host string, runs deliveries.Software) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if delete(h.verify, host); VerifiesEd25519(runs) {
		h.verify[host] = true
	}
}

// take reports whether a host gets Ed25519 now.
func (h *ed25519Hosts) take(host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.verify[host] && !standsRefused(h.refused[host], now)
}

func (h *ed25519Hosts) refuse(host string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.refused) >= maxRefused {
		clear(h.refused)
	}
	h.refused[host] = now
}

func standsRefused(at, now time.Time) bool { return now.Sub(at) < refusedFor }

// refuseEd25519 remembers that a host has refused Ed25519, also for the next start.
func (s *Server) refuseEd25519(ctx context.Context, host string) {
	s.ed25519.refuse(host, s.Store.Now())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), learnWithin)
	defer cancel()
	if err := s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.RefuseEd25519(host) }); err != nil {
		s.Log.Warn("storing that a host refused Ed25519 failed", "host", host, "error", err)
	}
}

// SignatureOf says for people how deliveries to a host are signed: by what it runs, when
// it last refused Ed25519, and the scheme that is stored of it.
func SignatureOf(runs deliveries.Software, refused time.Time, scheme string, now time.Time) string {
	said := "RSA"
	if signature.Scheme(scheme) == signature.RFC9421 {
		said = "RSA by RFC 9421"
	}
	switch {
	case !VerifiesEd25519(runs):
		return said
	case standsRefused(refused, now):
		return said + " (refused Ed25519)"
	}
	return "Ed25519"
}

package check

import (
	"fmt"
	"strings"
)

// Verdict is how a rule was found.
type Verdict string

// The verdicts, from the best to the worst.
const (
	OK   Verdict = "ok"
	Warn Verdict = "warn" // works, and some will have trouble; or trouble is near
	Fail Verdict = "FAIL" // other servers or readers turn away
)

// Finding is what came out of one rule.
type Finding struct {
	Rule    string  `json:"rule"`
	Verdict Verdict `json:"verdict"`
	What    string  `json:"what"` // was looked at
	Seen    string  `json:"seen"`
	Do      string  `json:"do,omitempty"` // to mend it; empty if it holds
}

// must judges a rule that others enforce, should one that some want.
func must(rule, what string, holds bool, seen, do string) Finding {
	return judged(rule, what, holds, seen, do, Fail)
}

func should(rule, what string, holds bool, seen, do string) Finding {
	return judged(rule, what, holds, seen, do, Warn)
}

func judged(rule, what string, holds bool, seen, do string, otherwise Verdict) Finding {
	if holds {
		return Finding{Rule: rule, Verdict: OK, What: what, Seen: seen}
	}
	return Finding{Rule: rule, Verdict: otherwise, What: what, Seen: seen, Do: do}
}

// faults collects what is wrong with a thing.
type faults []string

// unless notes a fault if something is not so.
func (f *faults) unless(so bool, format string, args ...any) {
	if !so {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// seen is all faults, or what is there when there are none.
func (f faults) seen(good string) string {
	if len(f) == 0 {
		return good
	}
	return strings.Join(f, "; ")
}

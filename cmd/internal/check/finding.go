package check

import (
	"fmt"
	"strings"
)

// Verdict is what came of holding a site to a rule.
type Verdict string

// The verdicts, from the best to the worst.
const (
	OK   Verdict = "ok"
	Warn Verdict = "warn" // it works, and some will have trouble; or trouble is near
	Fail Verdict = "FAIL" // other servers or readers turn away
)

// Finding is what came of one rule.
type Finding struct {
	Rule     string  `json:"rule"` // its id in [Rules]
	Verdict  Verdict `json:"verdict"`
	What     string  `json:"what"` // was looked at
	Observed string  `json:"observed"`
	Fix      string  `json:"fix,omitempty"` // what to do; empty if the rule holds
}

// judge holds a thing to a rule: broken, it is found as bad as the rule's level
// says.
func judge(id, what string, holds bool, observed string) Finding {
	verdict := OK
	if !holds {
		verdict = Fail
		if rule(id).Level == Should {
			verdict = Warn
		}
	}
	return grade(id, what, verdict, observed)
}

// grade is [judge] of a rule that is broken by degrees.
func grade(id, what string, verdict Verdict, observed string) Finding {
	f := Finding{Rule: id, Verdict: verdict, What: what, Observed: observed}
	if r := rule(id); verdict != OK {
		f.Fix = r.Fix
	}
	return f
}

// instead replaces the rule's fix where what was observed tells a better one.
func (f Finding) instead(fix string) Finding {
	if f.Verdict != OK {
		f.Fix = fix
	}
	return f
}

// faults collects what is wrong with a thing.
type faults []string

// unless notes a fault if something is not so.
func (f *faults) unless(so bool, format string, args ...any) {
	if !so {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// or is all faults, or what there is to say when there are none.
func (f faults) or(good string) string {
	if len(f) == 0 {
		return good
	}
	return strings.Join(f, "; ")
}

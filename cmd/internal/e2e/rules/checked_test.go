package rules

import (
	"encoding/json"
	"slices"
	"testing"

	"communique/cmd/internal/check"
	"communique/cmd/internal/e2e/e2etest"
)

func has(all []string, one string) bool {
	return slices.Contains(all, one)
}

// document fetches what package check judges, as check the command does.
func document(s *e2etest.Site, t *testing.T, address string, headers ...string) check.Document {
	t.Helper()
	got := e2etest.Get(t, address, headers...)
	return check.Document{URL: address, Status: got.Status, Header: got.Header, Body: got.Body}
}

func fieldsOf(t *testing.T, d check.Document) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(d.Body, &fields); err != nil {
		t.Fatalf("%s is not a JSON object: %v", d.URL, err)
	}
	return fields
}

// ruleHolds makes sure that a rule was judged and holds.
func ruleHolds(t *testing.T, rule string, findings []check.Finding) {
	t.Helper()
	judged := false
	for _, f := range findings {
		if judged = judged || f.Rule == rule; f.Rule == rule && f.Verdict != check.OK {
			t.Errorf("%s %s: %s", f.Verdict, f.What, f.Observed)
		}
	}
	if !judged {
		t.Errorf("%s was not judged: %v", rule, findings)
	}
}

// account is how an actor of the site should be found.
func account(s *e2etest.Site, name string) check.Account {
	who := check.Account{Handle: name + "@" + s.Base[len("http://"):], ID: s.ActorNamed(name)}
	if name == "ministry" {
		who.Page = s.Base + "/en/"
	}
	return who
}

// actorsHold judges both actors by a rule.
func (w *ruled) actorsHold(t *testing.T, rule string) {
	t.Helper()
	for _, name := range []string{"ministry", "instance"} {
		d := document(w.Site, t, w.ActorNamed(name), "Accept", "application/activity+json, application/ld+json")
		ruleHolds(t, rule, check.Actor(d, account(w.Site, name), ""))
	}
}

// pageHolds judges the page of an article by a rule.
func (w *ruled) pageHolds(t *testing.T, rule string) {
	t.Helper()
	facts := check.PageFacts{Object: w.objectID(w.plain), Handle: "@" + account(w.Site, "ministry").Handle, Profile: w.Base + "/en/"}
	ruleHolds(t, rule, check.Page(document(w.Site, t, w.plain.URL, "Accept", "text/html"), facts))
}

package people_test

import (
	"testing"
	"time"

	"communique/storage/people"
	"communique/storage/press"
)

// TestMay: a grant holds for a section and all below it, and in its language.
func TestMay(t *testing.T) {
	t.Parallel()
	p := people.Person{Grants: []people.Grant{
		{Role: people.Author, Section: 2},
		{Role: people.Approver, Section: 3, Language: "fr"},
		{Role: people.Reader},
	}}
	for _, test := range []struct {
		name  string
		trail []press.SectionID
		lang  press.Language
		roles []people.Role
		want  bool
	}{
		{"in the section", []press.SectionID{1, 2}, "en", []people.Role{people.Author}, true},
		{"below it", []press.SectionID{1, 2, 9}, "fr", []people.Role{people.Author}, true},
		{"above it", []press.SectionID{1}, "en", []people.Role{people.Author}, false},
		{"in the language", []press.SectionID{3}, "fr", []people.Role{people.Approver}, true},
		{"in another language", []press.SectionID{3}, "en", []people.Role{people.Approver}, false},
		{"everywhere", []press.SectionID{7}, "ar", []people.Role{people.Editor, people.Reader}, true},
		{"without the role", []press.SectionID{2}, "en", []people.Role{people.Operator}, false},
	} {
		if got := p.May(test.trail, test.lang, test.roles...); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if !p.MayAnywhere(people.Approver) || p.MayAnywhere(people.Operator) {
		t.Error("what somebody may anywhere is not told right")
	}
	p.Removed = time.Now()
	if p.May([]press.SectionID{2}, "en", people.Roles()...) || p.MayAnywhere(people.Roles()...) {
		t.Error("who was removed may still do something")
	}
}

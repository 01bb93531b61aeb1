package newsroom

import (
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
)

// office is a room with people: ana writes, rui writes and approves, eva approves, leo is the
// operator, and ines may release alone.
type office struct {
	*room
	ana, rui, eva, leo, ines Desk
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return newOfficeIn(newRoom(t))
}

// newOfficeIn has people come to a room.
func newOfficeIn(r *room) *office {
	t := r.t
	t.Helper()
	o := &office{room: r}
	o.MaxFile = 1 << 20
	for _, one := range []struct {
		login string
		at    *Desk
		roles []string
	}{
		{"leo", &o.leo, []string{"operator"}},
		{"ana", &o.ana, []string{"author:the-ministry"}},
		{"rui", &o.rui, []string{"editor", "approver"}},
		{"eva", &o.eva, []string{"approver::en"}},
		{"ines", &o.ines, []string{"editor", "alone"}},
	} {
		var grants []people.Grant
		for _, text := range one.roles {
			g, err := o.ParseGrant(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			grants = append(grants, g)
		}
		if _, err := o.Invite(t.Context(), people.Person{Login: one.login}, grants); err != nil {
			t.Fatal(err)
		}
		desk, err := o.As(t.Context(), one.login)
		if err != nil {
			t.Fatal(err)
		}
		*one.at = desk
	}
	return o
}

// propose has somebody propose a new article.
func (o *office) propose(by Desk, title string, fields ...string) manuscripts.Manuscript {
	o.t.Helper()
	m, err := by.Propose(o.t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte(source(title, fields...))}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// approve has somebody approve what they are shown.
func (o *office) approve(by Desk, m manuscripts.Manuscript) (Result, error) {
	o.t.Helper()
	look, err := by.Look(o.t.Context(), m.ID)
	if err != nil || look.Lacks != nil {
		o.t.Fatal(err, look.Lacks)
	}
	return by.Approve(o.t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest})
}

// did are what the audit says was done to a subject, the last first.
func (o *office) did(subject string) string {
	o.t.Helper()
	var all []string
	o.look(func(tx *storage.Tx) error {
		lines, err := tx.AuditOf(subject, 100)
		for _, l := range lines {
			all = append(all, l.Who+" "+l.Did)
		}
		return err
	})
	return strings.Join(all, ", ")
}

// change changes the store past the desk.
func (o *office) change(act func(*storage.Tx) error) {
	o.t.Helper()
	if err := o.Store.Update(o.t.Context(), act); err != nil {
		o.t.Fatal(err)
	}
}

package command

import (
	"context"
	"fmt"
	"os"

	"communique/cmd/communique/demo"
	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/ops"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// staff invites those who work at the desk, has something wait for the second of them, and
// opens it to whoever comes as one of them.
func (d *demonstration) staff(ctx context.Context) error {
	var logins []string
	for _, p := range d.content.People {
		var grants []people.Grant
		for _, role := range p.Roles {
			grants = append(grants, people.Grant{Role: people.Role(role)})
		}
		if _, err := d.desk(d.in).Invite(ctx, people.Person{Login: p.Login, Name: p.Name}, grants); err != nil {
			return fmt.Errorf("have %s work at the desk: %w", p.Login, err)
		}
		logins = append(logins, p.Login)
	}
	if err := d.agree(ctx, logins); err != nil {
		return err
	}
	if _, err := d.proposes(ctx, newsroom.Proposal{Kind: manuscripts.NewArticle}, demo.Waiting); err != nil {
		return err
	}
	at := d.officeAt.Addr().String()
	d.in.config.Desk.Listen, d.in.config.Desk.URL = at, "http://"+at
	office, err := d.in.newDeskServer(ops.Systemd{}, d.log, logins...)
	d.office = office
	return err
}

// agree has each of them agree to what the machine gave the other one, as it gives roles to the
// first ones of a site: whoever tries the demo is not to begin with that.
func (d *demonstration) agree(ctx context.Context, logins []string) error {
	for _, login := range logins {
		room, err := d.desk(d.in).As(ctx, login)
		if err != nil {
			return err
		}
		all, _, err := room.Agreements(ctx)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Why != nil {
				continue // it is theirs
			}
			if _, err := room.Agree(ctx, t.Of.Login, t.Shown()); err != nil {
				return fmt.Errorf("agree to the roles of %s: %w", t.Of.Login, err)
			}
		}
	}
	return nil
}

// proposes has the first of the two people hand in an article of the demo.
func (d *demonstration) proposes(ctx context.Context, p newsroom.Proposal, name string) (m manuscripts.Manuscript, err error) {
	writer, err := d.desk(d.in).As(ctx, d.content.People[0].Login)
	if err != nil {
		return m, err
	}
	if p.Text, err = os.ReadFile(d.file(name)); err != nil {
		return m, err
	}
	return writer.Propose(ctx, p, os.DirFS(d.folder))
}

// releases has the first of the two people hand in an article, and the second approve it.
func (d *demonstration) releases(ctx context.Context, p newsroom.Proposal, name string) (a press.Article, err error) {
	m, err := d.proposes(ctx, p, name)
	if err != nil {
		return a, err
	}
	approver, err := d.desk(d.in).As(ctx, d.content.People[1].Login)
	if err != nil {
		return a, err
	}
	look, err := approver.Look(ctx, m.ID)
	if err != nil {
		return a, err
	}
	r, err := approver.Approve(ctx, m.ID, newsroom.Approving{Revision: m.Revision, Digest: look.Digest})
	return r.Article, err
}

package stories

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// TestARestoreDoesAgainWhatTheJournalTells: with its journal, a site whose database was lost
// is served from an older backup at once: what was withdrawn is withdrawn, what was corrected
// is corrected as of when it was, what was hidden is hidden, and followers, who have most of
// it already, are told of nothing as if it were new.
func TestARestoreDoesAgainWhatTheJournalTells(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	p := e2etest.NewPeer(t)
	s.Configure("journal: journal", "journal: "+filepath.Join(s.T.TempDir(), "other-disk"))
	s.Serve()
	e2etest.Equal(t, "a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	p.WaitFor(1) // the Accept
	names, budget := s.Publish("The names of the witnesses"), s.Publish("The budget")
	witness := s.File("publish", s.Markdown("The witness", "Ottokar was heard."))
	never := s.Publish("Never said", e2etest.PublishedAt(s.Clock.Now().Add(9*time.Hour)))
	soon := s.Publish("Said later", e2etest.PublishedAt(s.Clock.Now().Add(9*time.Hour)))
	e2etest.Eventually(t, "all arrived", func() bool { return len(p.OfKind("Create")) == 3 })
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	s.Clock.Pass(time.Hour)
	corrected := s.Clock.Now().UTC()
	s.Must("correct", budget.ID, s.Markdown("The budget", "It is 200."), "--note", "It is not 100.")
	s.Must("withdraw", names.ID, "--reason", "They are in danger.")
	s.Must("correct", witness.ID, s.Markdown("The witness", "He was heard."), "--minor", "--hide-earlier")
	s.Must("withdraw", never.ID)
	s.Must("correct", soon.ID, s.Markdown("Said later", "The embargoed words."))
	fresh, mistake := s.Publish("Published since"), s.Publish("A mistake")
	s.Must("withdraw", mistake.ID, "--reason", "It was a mistake.")
	e2etest.Eventually(t, "the withdrawals arrived", func() bool { return len(p.OfKind("Delete")) >= 1 })
	s.Stop()
	s.Clock.Pass(24 * time.Hour)

	r := s.Elsewhere()
	told := r.Must("restore", file)
	for _, want := range []string{
		"Done again: withdrawn", "Done again: corrected", "Done again: cancelled",
		mistake.ID, "Lost, for the backup does not know it: published", fresh.ID, "withdraw --orphan",
		"Not done, for it is under embargo in the backup: changed", "The journal tells what was done until", "Next: communique serve",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("restore does not say %q:\n%s", want, told)
		}
	}
	before := len(p.Arrivals())
	r.Serve()
	for _, gone := range []e2etest.Filed{names, mistake} {
		page := r.Page(gone)
		e2etest.Equal(t, "a withdrawn page", page.Status, http.StatusGone)
	}
	e2etest.Equal(t, "why it was withdrawn", strings.Contains(string(r.Page(mistake).Body), "It was a mistake."), true)
	page := string(r.Page(budget).Body)
	e2etest.Equal(t, "the corrected page", strings.Contains(page, "It is 200.") && strings.Contains(page, "It is not 100."), true)
	e2etest.Equal(t, "when it was corrected", e2etest.Text(e2etest.Object(t, r.ObjectID(budget)), "updated"), corrected.Format("2006-01-02T15:04")+e2etest.Text(e2etest.Object(t, r.ObjectID(budget)), "updated")[16:])
	e2etest.Equal(t, "what was hidden", e2etest.Get(t, witness.URL+"?revision=1").Status == http.StatusOK && strings.Contains(string(e2etest.Get(t, witness.URL+"?revision=1").Body), "Ottokar"), false)
	e2etest.Equal(t, "a cancelled draft", r.Page(never).Status, http.StatusNotFound)
	feed := string(e2etest.Get(t, r.Base+"/en/feed.atom").Body)
	for text, is := range map[string]bool{"The names of the witnesses": false, "It is 200.": true, "Ottokar": false, "A mistake": false, mistake.ID: true} {
		e2etest.Equal(t, "the feed has "+text, strings.Contains(feed, text), is)
	}
	outbox := string(e2etest.Get(t, r.Actor()+"/outbox?page=1", "Accept", "application/activity+json").Body)
	e2etest.Equal(t, "the outbox has what was withdrawn", strings.Contains(outbox, names.ID), false)
	e2etest.Eventually(t, "the follower is told to delete both", func() bool {
		gone := map[any]bool{}
		for _, d := range p.OfKind("Delete") {
			gone[e2etest.Text(d.Fields, "object", "id")] = true
		}
		return gone[r.ObjectID(names)] && gone[r.ObjectID(mistake)]
	})
	for _, a := range p.Arrivals()[before:] {
		if a.Kind() == "Create" && e2etest.Text(a.Fields, "object", "id") != r.ObjectID(budget) && e2etest.Text(a.Fields, "object", "id") != r.ObjectID(witness) {
			t.Errorf("the follower gets as new: %v", a.Fields)
		}
	}
	if next := r.Publish("Said after the restore"); next.Seq <= mistake.Seq+1 {
		t.Errorf("number %d is used again", next.Seq)
	}
	secret := journalText(t, s, r)
	if strings.Contains(secret, "embargoed words") || strings.Contains(secret, "Never said") || strings.Contains(secret, "Said later") {
		t.Error("the journal has the text of a draft")
	}
	r.Stop()
	refused(t, r, "was not restored", "restore", "--replay")
}

// journalText is all that the journals of sites hold.
func journalText(t *testing.T, sites ...*e2etest.Site) string {
	t.Helper()
	var all strings.Builder
	for _, s := range sites {
		c, err := config.Load(s.Data, func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(c.JournalFolder(), "*.journal"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no journal in %s: %v", c.JournalFolder(), err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// TestAnOlderCopyIsNotServed: who puts an older copy of the database in its place, without a
// restore, is told what it lacks, and served is what was done again.
func TestAnOlderCopyIsNotServed(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	names := s.Publish("The names of the witnesses")
	database := filepath.Join(s.Data, config.Database)
	older, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	s.Must("withdraw", names.ID, "--reason", "They are in danger.")
	if err := os.WriteFile(database, older, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, s, "restore --replay", "serve")
	if _, warned, err := s.Run("publish", s.Markdown("Said meanwhile", "It was said.")); err != nil || !strings.Contains(warned, "restore --replay") {
		t.Errorf("publish: %v, %q", err, warned)
	}
	out, _, _ := s.Run("status")
	e2etest.Equal(t, "status tells it", strings.Contains(out, "which the database lacks"), true)
	out = s.Must("restore", "--replay")
	e2etest.Equal(t, "the withdrawal is done again", strings.Contains(out, "Done again: withdrawn"), true)
	refused(t, s, "lacks nothing", "restore", "--replay")
	s.Serve()
	e2etest.Equal(t, "the page", s.Page(names).Status, http.StatusGone)
}

// TestAWithdrawalWaitsForNoJournal: where the journal cannot be written an article is withdrawn
// all the same, loudly, and the journal has it as soon as it can be written.
func TestAWithdrawalWaitsForNoJournal(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	names := s.Publish("The names of the witnesses")
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	folder := filepath.Join(s.Data, config.Journal)
	_, putBack := takeAway(t, folder)
	_, warned, err := s.Run("withdraw", names.ID, "--reason", "They are in danger.")
	if err != nil || strings.Count(warned, "the journal cannot be written") != 1 {
		t.Errorf("withdraw: %v, %q", err, warned)
	}
	s.Serve()
	e2etest.Equal(t, "the page", s.Page(names).Status, http.StatusGone)
	e2etest.Eventually(t, "the server's log tells it", func() bool { return strings.Contains(s.Log.String(), `level=ERROR msg="the journal cannot be written`) })
	putBack()
	e2etest.Eventually(t, "it is written again", func() bool { return strings.Contains(s.Log.String(), "the journal is written again") })
	s.Stop()
	r := s.Elsewhere()
	if out := r.Must("restore", "--journal", folder, file); !strings.Contains(out, "Done again: withdrawn") {
		t.Errorf("restore: %s", out)
	}

	// One that is damaged, of another site or not there keeps the site from being served.
	r = s.Elsewhere()
	r.Must("restore", file)
	refused(t, r, "there is no journal of this site", "restore", "--replay")
	refused(t, r, "restore --replay", "serve")
	lines, err := filepath.Glob(filepath.Join(folder, "*.journal"))
	if err != nil || len(lines) != 1 {
		t.Fatalf("%v, %v", lines, err)
	}
	text, err := os.ReadFile(lines[0])
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), filepath.Base(lines[0]))
	if err := os.WriteFile(broken, []byte(strings.Replace(string(text), "withdrawn", "withdrawm", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	out := r.Must("restore", "--replay", "--journal", filepath.Dir(broken))
	if !strings.Contains(out, "a line that is damaged") || !strings.Contains(out, "Nothing is served yet") {
		t.Errorf("with a damaged journal: %s", out)
	}
	refused(t, r, "restore --confirm", "serve")
}

// TestABackupKnowsOfAJournalThatIsNotWritten: a backup that was made while the journal could not
// be written does not take what that tells for all that was done since, unless it was written
// again; and status tells of it, though no server runs.
func TestABackupKnowsOfAJournalThatIsNotWritten(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	names := s.Publish("The names of the witnesses")
	folder := filepath.Join(s.Data, config.Journal)
	file := filepath.Join(t.TempDir(), "one.backup")
	aside, putBack := takeAway(t, folder)
	s.Must("backup", file)
	s.Must("withdraw", names.ID, "--reason", "They are in danger.")
	const line = "has not been written since"
	if out, _, _ := s.Run("status"); !strings.Contains(out, line) {
		t.Errorf("status does not tell of the journal:\n%s", out)
	}
	r := s.Elsewhere()
	told := r.Must("restore", "--journal", aside, file)
	if !strings.Contains(told, "The journal does not tell what was done after") || !strings.Contains(told, "Nothing is served yet") {
		t.Errorf("a restore while it is not written:\n%s", told)
	}
	refused(t, r, "restore --confirm", "serve")

	putBack()
	s.Publish("Said later")
	if out, _, _ := s.Run("status"); strings.Contains(out, line) {
		t.Errorf("status of one that is written again:\n%s", out)
	}
	told = s.Elsewhere().Must("restore", "--journal", folder, file)
	if !strings.Contains(told, "Done again: withdrawn") || !strings.Contains(told, "Next: communique serve") {
		t.Errorf("a restore when it is written again:\n%s", told)
	}
}

// takeAway has the folder of a journal be elsewhere, and nothing be written where it was, until
// it is put back.
func takeAway(t *testing.T, folder string) (aside string, putBack func()) {
	t.Helper()
	aside = folder + ".away"
	if err := errors.Join(os.Rename(folder, aside), os.WriteFile(folder, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	return aside, func() {
		t.Helper()
		if err := errors.Join(os.Remove(folder), os.Rename(aside, folder)); err != nil {
			t.Fatal(err)
		}
	}
}
